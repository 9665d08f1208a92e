public import XMPPModel

/// The answer to `reload`, when the new configuration is in force.
public struct ReloadReply: Hashable, Sendable, Codable {
    /// Hosted domains that are new.
    public var added: [DomainName]
    /// Hosted domains with other settings or another certificate.
    public var changed: [DomainName]
    /// Domains that are not hosted any more.
    public var removed: [DomainName]
    /// Streams that are being closed because their settings changed.
    public var closed: [StreamID]
    /// How many streams go on untouched.
    public var kept: Int
    /// What an operator should know, such as a key that takes effect only at the next start.
    public var warnings: [String]

    /// Makes an answer.
    public init(
        added: [DomainName] = [], changed: [DomainName] = [], removed: [DomainName] = [], closed: [StreamID] = [],
        kept: Int = 0, warnings: [String] = []
    ) {
        self.added = added
        self.changed = changed
        self.removed = removed
        self.closed = closed
        self.kept = kept
        self.warnings = warnings
    }
}
