internal import Glibc

/// The directory for what the daemon keeps.
enum StateDirectory {
    /// Why it cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let code: Int32

        var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    /// Makes the directory, readable by the daemon's user alone; one that is there is used as it is.
    static func make(_ path: String) throws(Failure) {
        makeParent(of: path)
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Failure(path: path, code: errno) }
        guard access(path, W_OK | X_OK) == 0 else { throw Failure(path: path, code: errno) }
    }

    /// Makes the directories above a file; whether that sufficed, the file's own making will say.
    static func makeParent(of path: String) {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            prefix += part + "/"
            if !part.isEmpty { mkdir(prefix, 0o755) }
        }
    }
}
