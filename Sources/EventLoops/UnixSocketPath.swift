internal import Glibc

/// A path that fits the address of a unix socket: 1 to 107 octets without NUL.
struct UnixSocketPath {
    let path: String

    init?(_ path: String) {
        guard (1...107).contains(path.utf8.count), !path.utf8.contains(0) else { return nil }
        self.path = path
    }

    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension UnixSocketPath {
    /// Removes the file of a socket that nobody answers, as a process that crashed leaves it.
    ///
    /// - Throws: `EADDRINUSE` when somebody answers, `EEXIST` when the file is no socket.
    func removeStaleSocket() throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(call: "bind", code: EEXIST) }
        let probe = try SocketDescriptor.make(family: AF_UNIX, kind: .stream)
        defer { probe.close() }
        let code = withSystemAddress { connect(probe.number, $0, $1) == 0 ? 0 : errno }
        // EAGAIN: its backlog is full, so there is somebody.
        guard code == ECONNREFUSED else {
            throw SystemError(call: "bind", code: code == 0 || code == EAGAIN ? EADDRINUSE : code)
        }
        unlink(path)
    }
}
