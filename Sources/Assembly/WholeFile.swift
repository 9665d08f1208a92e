internal import Glibc

/// A file that is read at once.
public enum WholeFile {
    /// Why it could not be read.
    public struct Failure: Error, Sendable {
        /// In the words of the system.
        public let reason: String
        /// Whether it is longer than ``WholeFile/limit``.
        public let isTooLong: Bool
    }

    /// Longer than any file that an operator writes, shorter than the limit of a request.
    public static let limit = 12 * 1_048_576

    /// The content of a file.
    ///
    /// - Throws: ``Failure`` when it cannot be read or is longer than `limit` octets.
    public static func read(_ path: String, limit: Int = WholeFile.limit) throws(Failure) -> [UInt8] {
        // A pipe that nobody writes to is empty; opened otherwise, it would be waited for without end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemFailure() }
        defer { close(descriptor) }
        // One that somebody writes to is read to its end, as a shell hands over what another program prints.
        _ = fcntl(descriptor, F_SETFL, 0)
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw systemFailure() }
            if count == 0 { return content }
            content += buffer[..<count]
            guard content.count <= limit else {
                throw Failure(reason: "longer than \(limit) bytes", isTooLong: true)
            }
        }
    }

    /// Replaces a file as a whole, so that a crash leaves the old one or the new one; only its owner may read it.
    ///
    /// - Throws: ``WriteFailure`` in the words of the system.
    static func replace(_ path: String, with content: [UInt8]) throws(WriteFailure) {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw WriteFailure(path: fresh) }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), content.count - written)
            }
            guard count > 0 || errno == EINTR else {
                let failure = WriteFailure(path: fresh)
                close(descriptor)
                throw failure
            }
            written += max(0, count)
        }
        fsync(descriptor)
        close(descriptor)
        guard rename(fresh, path) == 0 else { throw WriteFailure(path: path) }
    }

    /// Why a file could not be written.
    struct WriteFailure: Error, CustomStringConvertible {
        let path: String
        let code = errno

        var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    private static func systemFailure() -> Failure {
        Failure(reason: String(cString: strerror(errno)), isTooLong: false)
    }
}
