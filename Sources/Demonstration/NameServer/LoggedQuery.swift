public import DNSMessages

/// A query that an embedded name server received.
public struct LoggedQuery: Hashable, Sendable {
    /// How a query travelled.
    public enum Transport: String, Hashable, Sendable {
        /// In a datagram.
        case udp
        /// On a connection, in clear.
        case tcp
        /// On an encrypted connection (RFC 7858).
        case tls
    }

    /// What was asked.
    public let question: DNSQuestion
    /// How it came.
    public let transport: Transport
    /// The number of the connection that it came on, counted from 1; nil for a datagram.
    public let connection: Int?
    /// Whether signatures were wanted (DO).
    public let wantsSignatures: Bool
    /// Whether the server was to leave validation alone (CD).
    public let disablesChecking: Bool
    /// The size of datagram that the asker takes; nil without EDNS.
    public let payloadOctets: UInt16?
    /// The length of the whole message, padding included.
    public let octets: Int
    /// Whether it had a padding option (RFC 7830).
    public let isPadded: Bool

    /// Whether it came over TCP in clear.
    public var isOverTCP: Bool { transport == .tcp }
}
