public import XMPPModel

/// The domains that are served here, and by what; never reached through the outside (RT-10).
public struct HostedDomains: Hashable, Sendable {
    private var backends: [DomainName: String]
    /// Domains that were served here once (`former_domains`): stanzas for them are returned as gone.
    public private(set) var former: Set<DomainName>

    /// Makes a set of domains.
    ///
    /// - Parameters:
    ///   - backends: The hosted domains, each with the name of its kind of backend, such as `component`.
    ///   - former: Domains that are no longer served; one that is hosted after all counts as hosted.
    public init(_ backends: [DomainName: String] = [:], former: Set<DomainName> = []) {
        self.backends = backends
        self.former = former
    }

    /// The number of hosted domains.
    public var count: Int { backends.count }

    /// The hosted domains, in no order.
    public var names: [DomainName] { Array(backends.keys) }

    /// Whether the domain is served here.
    public func contains(_ domain: DomainName) -> Bool { backends[domain] != nil }

    /// The kind of backend that serves a domain, or nil when the domain is not hosted.
    public func backend(of domain: DomainName) -> String? { backends[domain] }

    /// Whether the domain was served here once and is no longer.
    public func isFormer(_ domain: DomainName) -> Bool { former.contains(domain) && !contains(domain) }

    /// Adds a domain, or changes its kind of backend.
    public mutating func add(_ domain: DomainName, backend: String) { backends[domain] = backend }

    /// Removes a domain.
    public mutating func remove(_ domain: DomainName) { backends[domain] = nil }
}
