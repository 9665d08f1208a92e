internal import Glibc

/// A connection, most often by TCP, that is used blocking, with a deadline on everything.
public final class ByteConnection {
    private let socket: Socket

    /// Connects to a server.
    ///
    /// - Parameter source: Where the server sees the connection come from; nil for 127.0.0.1.
    public init(
        to endpoint: Endpoint, from source: LoopbackAddress? = nil, within limit: Duration = .seconds(5)
    ) throws(HarnessFailure) {
        socket = try Socket(type: SOCK_STREAM)
        if let source { try socket.bind(to: Endpoint(source, port: 0)) }
        try socket.connect(to: endpoint, before: .after(limit))
    }

    /// Connects to a server on a unix socket.
    public init(toUnixSocket path: String) throws(HarnessFailure) {
        socket = try Socket(type: SOCK_STREAM, family: AF_UNIX)
        try socket.connect(toUnixSocket: path)
    }

    init(over socket: Socket) {
        self.socket = socket
        _ = fcntl(socket.descriptor.number, F_SETFL, O_NONBLOCK)
    }

    /// Makes its end a reset, when nobody holds it any more.
    public func endByReset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        setsockopt(socket.descriptor.number, SOL_SOCKET, SO_LINGER, &option, size)
    }

    /// Sends every byte.
    public func send(_ bytes: [UInt8], within limit: Duration = .seconds(10)) throws(HarnessFailure) {
        let deadline = Deadline.after(limit)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket.descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard try socket.waitUntilReady(for: POLLOUT, before: deadline) else {
                    throw .timedOut(awaiting: "the peer to read", log: "")
                }
            } else {
                throw .systemCall("send", code: errno)
            }
        }
    }

    /// What has arrived, as soon as anything has: at most 64 KiB, and empty once the peer has closed its side.
    ///
    /// - Throws: ``HarnessFailure/timedOut(awaiting:log:)`` when nothing came in time.
    public func receive(before deadline: Deadline) throws(HarnessFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            guard try socket.waitUntilReady(for: POLLIN, before: deadline) else {
                throw .timedOut(awaiting: "bytes from the peer", log: "")
            }
            let count = buffer.withUnsafeMutableBytes { recv(socket.descriptor.number, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(buffer[..<count]) }
            switch errno {
            case EAGAIN, EINTR: continue
            case ECONNRESET: return []
            default: throw .systemCall("recv", code: errno)
            }
        }
    }
}
