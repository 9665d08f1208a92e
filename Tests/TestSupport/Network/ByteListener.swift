internal import Glibc

/// A listening socket of the test's own, for a peer that a test plays itself.
public final class ByteListener {
    private let socket: Socket
    /// Where it listens.
    public let endpoint: Endpoint

    /// Listens at an endpoint that nothing listens at.
    public init(at endpoint: Endpoint) throws(HarnessFailure) {
        socket = try Socket(type: SOCK_STREAM)
        try socket.bind(to: endpoint)
        try socket.listen()
        self.endpoint = endpoint
    }

    /// The next connection.
    public func accept(within limit: Duration = .seconds(10)) throws(HarnessFailure) -> ByteConnection {
        ByteConnection(over: try socket.accept(before: .after(limit)))
    }
}
