internal import COpenSSL

/// Reads the error queue that OpenSSL keeps for each thread.
enum OpenSSLError {
    /// Takes the earliest reason, which is the cause, and empties the queue.
    static func takeReason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return "no reason given" }
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            ERR_error_string_n(code, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        // "error:0A00010B:SSL routines::wrong version number": an operator needs only the end.
        return text.split(separator: ":").last.map { String($0) } ?? text
    }
}
