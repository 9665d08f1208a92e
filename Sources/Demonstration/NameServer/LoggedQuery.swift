public import DNSMessages

/// A query that an embedded name server received.
public struct LoggedQuery: Hashable, Sendable {
    /// What was asked.
    public let question: DNSQuestion
    /// Whether it came over TCP.
    public let isOverTCP: Bool
    /// Whether signatures were wanted (DO).
    public let wantsSignatures: Bool
    /// The size of datagram that the asker takes; nil without EDNS.
    public let payloadOctets: UInt16?
}
