public import DNSMessages

/// One place where a domain says that it takes XMPP server connections.
public struct ServiceEndpoint: Hashable, Sendable {
    /// How TLS begins there.
    public enum Method: String, Hashable, Sendable {
        /// A stream in the clear first, then STARTTLS (RFC 6120 §5).
        case startTLS
        /// TLS from the first octet (XEP-0368).
        case directTLS
    }

    /// The host to connect to.
    public let host: ServiceHost
    /// The TCP port.
    public let port: UInt16
    /// How TLS begins.
    public let method: Method
    /// Whether the records that led here can be trusted: what DANE rests on (RFC 7673 §3.1).
    public let security: SecurityStatus
    /// Whether service records led here, and not the lack of them (RFC 6120 §3.2.2).
    public let isFromServiceRecord: Bool
    /// Why the records can be trusted or not; nil where nothing was validated.
    public let reason: String?
    /// How long the records that led here hold from now on; nil where none were asked for.
    public let lifetime: Duration?

    /// The port for server connections where no record gives one (RFC 6120 §14.7).
    public static let defaultPort: UInt16 = 5269

    /// Makes an endpoint.
    public init(
        host: ServiceHost, port: UInt16, method: Method, security: SecurityStatus, isFromServiceRecord: Bool,
        reason: String? = nil, lifetime: Duration? = nil
    ) {
        self.host = host
        self.port = port
        self.method = method
        self.security = security
        self.isFromServiceRecord = isFromServiceRecord
        self.reason = reason
        self.lifetime = lifetime
    }
}
