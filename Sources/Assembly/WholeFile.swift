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
        let descriptor = try openAlone(fresh)
        // The lock lasts until the file has its name, so that two daemons with one directory write one after the other.
        defer { close(descriptor) }
        try fill(descriptor, at: fresh, with: content)
        guard rename(fresh, path) == 0 else { throw WriteFailure(path: path) }
    }

    /// Makes a file as a whole, unless there is one; only its owner may read it.
    ///
    /// - Returns: False when there is one already, which stays as it is.
    /// - Throws: ``WriteFailure`` in the words of the system.
    static func create(_ path: String, with content: [UInt8]) throws(WriteFailure) -> Bool {
        let fresh = path + ".new"
        let descriptor = try openAlone(fresh)
        defer { close(descriptor) }
        try fill(descriptor, at: fresh, with: content)
        // A second name fails where the place is taken, which a new name does not.
        let isMade = link(fresh, path) == 0
        let failure = WriteFailure(path: path)
        unlink(fresh)
        guard isMade || failure.code == EEXIST else { throw failure }
        return isMade
    }

    private static func fill(_ descriptor: Int32, at fresh: String, with content: [UInt8]) throws(WriteFailure) {
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), content.count - written)
            }
            guard count > 0 || errno == EINTR else { throw WriteFailure(path: fresh) }
            written += max(0, count)
        }
        // A disk may be full, or fail, only now; the old file stays then.
        guard fsync(descriptor) == 0 else { throw WriteFailure(path: fresh) }
    }

    /// Opens an empty file that nobody else writes to meanwhile.
    private static func openAlone(_ path: String) throws(WriteFailure) -> Int32 {
        while true {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw WriteFailure(path: path) }
            var own = stat()
            var named = stat()
            guard flock(descriptor, LOCK_EX) == 0, fstat(descriptor, &own) == 0 else {
                let failure = WriteFailure(path: path)
                close(descriptor)
                throw failure
            }
            // Who had the lock before has given the file its name in the meantime: then it is another one.
            guard stat(path, &named) == 0, named.st_ino == own.st_ino, named.st_dev == own.st_dev else {
                close(descriptor)
                continue
            }
            guard ftruncate(descriptor, 0) == 0 else {
                let failure = WriteFailure(path: path)
                close(descriptor)
                throw failure
            }
            return descriptor
        }
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
