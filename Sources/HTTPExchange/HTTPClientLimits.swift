/// How much a client takes on at once.
public struct HTTPClientLimits: Hashable, Sendable {
    /// Requests under way; more fail at once.
    public var requests: Int
    /// Connections to one server, for servers without HTTP/2.
    public var connectionsPerHost: Int
    /// Connections that are kept for later requests.
    public var keptConnections: Int

    /// Makes limits.
    public init(requests: Int = 1024, connectionsPerHost: Int = 4, keptConnections: Int = 16) {
        self.requests = requests
        self.connectionsPerHost = connectionsPerHost
        self.keptConnections = keptConnections
    }
}
