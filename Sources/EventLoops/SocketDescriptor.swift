internal import CLinux
internal import Glibc

/// The number of a non-blocking socket, and the calls on it. It owns nothing: who holds it says when it is closed.
struct SocketDescriptor: Equatable {
    enum Kind {
        case stream
        case datagram
    }

    static let closed = SocketDescriptor(number: -1)

    let number: Int32

    var isOpen: Bool { number >= 0 }

    static func make(family: Int32, kind: Kind) throws(SystemError) -> SocketDescriptor {
        let number = kind == .stream ? linux_stream_socket(family) : linux_datagram_socket(family)
        guard number >= 0 else { throw SystemError(call: "socket", code: -number) }
        return SocketDescriptor(number: number)
    }

    /// How many bytes came, zero at the end, or the negative `errno`: the hot path makes no error value.
    @inline(__always)
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        linux_receive(number, buffer.baseAddress, UInt(buffer.count))
    }

    /// How many bytes the kernel took, or the negative `errno`.
    @inline(__always)
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        linux_send(number, bytes.baseAddress, UInt(bytes.count))
    }

    func close() {
        guard isOpen else { return }
        _ = Glibc.close(number)
    }

    /// Closes without a farewell: the peer gets a reset, and unsent bytes are dropped.
    func closeWithReset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    func shutdownSending() {
        _ = shutdown(number, Int32(SHUT_WR))
    }

    /// The pending error, which reading it clears; zero for none.
    func takeError() -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    func setOption(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        guard setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw .latest("setsockopt")
        }
    }

    /// No waiting for a segment to fill, since a turn writes once; and a silent peer is found out within five minutes.
    /// Accepted sockets inherit these from the one that listens.
    func tuneForTCP() {
        // A refusal costs speed, not correctness.
        for (level, option, value) in Self.tuning { try? setOption(level, option, value) }
    }

    private static let tuning: [(Int32, Int32, Int32)] = [
        (Int32(IPPROTO_TCP), TCP_NODELAY, 1),
        (SOL_SOCKET, SO_KEEPALIVE, 1),
        (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 120),
        (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 30),
        (Int32(IPPROTO_TCP), TCP_KEEPCNT, 6),
    ]

    func connect(to address: SocketAddress) -> Int32 {
        address.withSystemAddress { Glibc.connect(number, $0, $1) == 0 ? 0 : errno }
    }

    /// The socket's own address, nil for a unix socket.
    var localAddress: SocketAddress? {
        SocketAddress.filled { getsockname(number, $0, $1) }
    }

    /// The peer's address, nil for a unix socket.
    var peerAddress: SocketAddress? {
        SocketAddress.filled { getpeername(number, $0, $1) }
    }
}
