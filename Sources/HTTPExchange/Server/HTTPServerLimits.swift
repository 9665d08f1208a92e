/// What an ``HTTPServer`` gives its clients.
public struct HTTPServerLimits: Hashable, Sendable {
    /// How many connections at a time.
    public var connections = 512
    /// How many of them from one address; an IPv6 host counts by its /64.
    public var connectionsPerAddress = 128
    /// How many requests on one connection.
    public var requestsPerConnection = 100
    /// How long a request may take from the end of the one before it, or from the beginning of the connection, until its
    /// answer has been taken.
    public var requestTime = Duration.seconds(10)
    /// How many octets request line and header may have together with what is kept of them.
    public var headerBytes = 16 * 1024

    /// The usual limits.
    public init() {}
}
