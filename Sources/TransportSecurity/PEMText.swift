internal import COpenSSL

/// PEM text and the files that hold it. Files are read at start and on reload, off the loop.
enum PEMText {
    /// The bytes of a whole file, or the system's reason why not.
    static func contents(ofFile path: String) -> Result<[UInt8], FileFailure> {
        ERR_clear_error()
        guard let file = BIO_new_file(path, "rb") else {
            return .failure(FileFailure(reason: OpenSSLError.takeReason()))
        }
        defer { BIO_free(file) }
        var bytes: [UInt8] = []
        while bytes.count <= maximumOctets {
            let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { buffer in
                let count = BIO_read(file, buffer.baseAddress, Int32(buffer.count))
                if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])) }
                return count
            }
            // A directory opens like a file and fails only here.
            if count < 0 { return .failure(FileFailure(reason: OpenSSLError.takeReason())) }
            if count == 0 { return .success(bytes) }
        }
        return .failure(FileFailure(reason: "larger than \(maximumOctets) octets"))
    }

    /// Larger than any bundle of authorities that exists, and small enough to read at once.
    private static let maximumOctets = 16 << 20

    /// Runs `body` with a BIO that reads `bytes`.
    static func withReader<Result>(_ bytes: [UInt8], _ body: (OpaquePointer) -> Result?) -> Result? {
        bytes.withUnsafeBytes { buffer in
            guard let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else { return nil }
            defer { BIO_free(bio) }
            return body(bio)
        }
    }

    /// A PEM block (RFC 7468).
    static func encode(_ label: String, _ der: [UInt8]) -> [UInt8] {
        let digits = Array(Base64.encode(der).utf8)
        var text = Array("-----BEGIN \(label)-----\n".utf8)
        for start in stride(from: 0, to: digits.count, by: 64) {
            text += digits[start..<min(start + 64, digits.count)] + [UInt8(ascii: "\n")]
        }
        return text + Array("-----END \(label)-----\n".utf8)
    }

    /// Why a file could not be read.
    struct FileFailure: Error {
        let reason: String
    }

    /// Asks nobody for a passphrase: a daemon has no one to ask. OpenSSL's own callback would read the terminal.
    static func noPassphrase(
        _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32, _ purpose: Int32, _ context: UnsafeMutableRawPointer?
    ) -> Int32 {
        -1
    }
}
