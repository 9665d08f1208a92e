internal import Glibc

/// A listening socket of the test's own, for a peer that a test plays itself.
public final class ByteListener {
    private let socket: Socket
    /// Where it listens.
    public let endpoint: Endpoint

    /// Listens on an unused port of `address`.
    public init(on address: LoopbackAddress) throws(HarnessFailure) {
        socket = try Socket(type: SOCK_STREAM)
        try socket.bind(to: Endpoint(address, port: 0))
        try socket.listen()
        endpoint = try socket.localEndpoint(on: address)
    }

    /// The next connection.
    public func accept(within limit: Duration = .seconds(10)) throws(HarnessFailure) -> ByteConnection {
        ByteConnection(accepted: try socket.accept(before: .after(limit)))
    }
}
