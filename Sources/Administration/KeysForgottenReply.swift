public import XMPPModel

/// The answer to `keys forget`.
public struct KeysForgottenReply: Hashable, Sendable, Codable {
    /// The remote domain.
    public var domain: DomainName
    /// The keys that were known, in the form of `keys`.
    public var forgotten: [KnownKeySummary]

    /// Makes an answer.
    public init(domain: DomainName, forgotten: [KnownKeySummary]) {
        self.domain = domain
        self.forgotten = forgotten
    }
}
