internal import Glibc

/// The calls on a socket that the harness needs, with their errors.
struct Socket {
    let descriptor: Descriptor

    init(type: __socket_type, family: Int32 = AF_INET) throws(HarnessFailure) {
        descriptor = Descriptor(socket(family, Int32(type.rawValue), 0))
        guard descriptor.number >= 0 else { throw .systemCall("socket", code: errno) }
        closeOnExec()
    }

    private init(opened number: Int32) {
        descriptor = Descriptor(number)
        closeOnExec()
    }

    /// Two sockets that are joined; no other process has either until it is given one.
    static func pair() throws(HarnessFailure) -> (Socket, Socket) {
        var numbers: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &numbers) == 0 else {
            throw .systemCall("socketpair", code: errno)
        }
        return (Socket(opened: numbers[0]), Socket(opened: numbers[1]))
    }

    func bind(to endpoint: Endpoint) throws(HarnessFailure) {
        var one: Int32 = 1
        setsockopt(descriptor.number, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let result = withAddress(of: endpoint) { Glibc.bind(descriptor.number, $0, $1) }
        guard result == 0 else { throw .systemCall("bind \(endpoint)", code: errno) }
    }

    func listen() throws(HarnessFailure) {
        guard Glibc.listen(descriptor.number, 16) == 0 else { throw .systemCall("listen", code: errno) }
    }

    func accept(before deadline: Deadline) throws(HarnessFailure) -> Socket {
        guard try waitUntilReady(for: POLLIN, before: deadline) else {
            throw .timedOut(awaiting: "a connection", log: "")
        }
        let number = Glibc.accept(descriptor.number, nil, nil)
        guard number >= 0 else { throw .systemCall("accept", code: errno) }
        return Socket(opened: number)
    }

    /// Connects, and leaves the socket non-blocking.
    func connect(to endpoint: Endpoint, before deadline: Deadline) throws(HarnessFailure) {
        _ = fcntl(descriptor.number, F_SETFL, O_NONBLOCK)
        if withAddress(of: endpoint, { Glibc.connect(descriptor.number, $0, $1) }) == 0 { return }
        guard errno == EINPROGRESS else { throw .systemCall("connect \(endpoint)", code: errno) }
        guard try waitUntilReady(for: POLLOUT, before: deadline) else {
            throw .timedOut(awaiting: "connection to \(endpoint)", log: "")
        }
        var outcome: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &outcome, &size)
        guard outcome == 0 else { throw .systemCall("connect \(endpoint)", code: outcome) }
    }

    /// Connects, and leaves the socket non-blocking.
    func connect(toUnixSocket path: String) throws(HarnessFailure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw .systemCall("connect \(path)", code: errno) }
        _ = fcntl(descriptor.number, F_SETFL, O_NONBLOCK)
    }

    func localEndpoint(on address: LoopbackAddress) throws(HarnessFailure) -> Endpoint {
        var raw = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &raw) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor.number, $0, &size) }
        }
        guard result == 0 else { throw .systemCall("getsockname", code: errno) }
        return Endpoint(address, port: UInt16(bigEndian: raw.sin_port))
    }

    /// Whether the socket became ready before the deadline; an error or a hang-up counts as ready.
    func waitUntilReady(for interest: Int32, before deadline: Deadline) throws(HarnessFailure) -> Bool {
        while true {
            var entry = pollfd(fd: descriptor.number, events: Int16(interest), revents: 0)
            let count = poll(&entry, 1, deadline.millisecondsLeft)
            if count > 0 { return true }
            if count == 0 { return false }
            guard errno == EINTR else { throw .systemCall("poll", code: errno) }
        }
    }

    private func closeOnExec() { _ = fcntl(descriptor.number, F_SETFD, FD_CLOEXEC) }

    private func withAddress(
        of endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var raw = sockaddr_in()
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_port = endpoint.port.bigEndian
        raw.sin_addr.s_addr = endpoint.address.networkOrder
        return withUnsafePointer(to: &raw) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
