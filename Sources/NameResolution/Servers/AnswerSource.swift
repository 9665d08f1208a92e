/// Who gave an answer, over what (EN-12).
public struct AnswerSource: Hashable, Sendable {
    /// How the question travelled.
    public enum Transport: String, Hashable, Sendable {
        /// In a datagram, in clear.
        case udp
        /// On a connection, in clear.
        case tcp
        /// DNS over TLS (RFC 7858).
        case tls = "dot"
        /// DNS over HTTPS (RFC 8484).
        case https = "doh"

        /// Whether nobody on the way can read it.
        public var isEncrypted: Bool { self == .tls || self == .https }
    }

    /// The server as the configuration names it, or as it was discovered.
    public let server: String
    /// How the question travelled.
    public let transport: Transport
    /// Whether the server proved by certificate or pin who it is.
    public let isAuthenticated: Bool

    /// Makes a source.
    public init(server: String, transport: Transport, isAuthenticated: Bool) {
        self.server = server
        self.transport = transport
        self.isAuthenticated = isAuthenticated
    }
}
