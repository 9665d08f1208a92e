public import XMPPModel

/// The answer to `tenants add` and `tenants remove`.
public struct TenantsChangeReply: Hashable, Sendable, Codable {
    /// Domains that are hosted now and were not before.
    public var added: [DomainName]
    /// Domains that were hosted already and have other settings now.
    public var changed: [DomainName]
    /// Domains that are not hosted any more.
    public var removed: [DomainName]

    /// Makes an answer.
    public init(added: [DomainName] = [], changed: [DomainName] = [], removed: [DomainName] = []) {
        self.added = added
        self.changed = changed
        self.removed = removed
    }
}
