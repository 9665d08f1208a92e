public import DNSMessages

/// Whom to ask for which name, and what to hold true: everything that the configuration says of name resolution.
public struct ResolutionPlan: Hashable, Sendable {
    /// All servers.
    public var servers: [UpstreamServer]
    /// The zones, the root's among them.
    public var zones: [ResolutionZone]
    /// Where chains of trust begin.
    public var anchors: TrustAnchorSet

    /// Makes a plan.
    public init(servers: [UpstreamServer], zones: [ResolutionZone], anchors: TrustAnchorSet = TrustAnchorSet()) {
        self.servers = servers
        self.zones = zones
        self.anchors = anchors
    }

    /// The zone that a name belongs to: the one with the longest name at or above it (EN-05).
    ///
    /// - Returns: nil when not even the root has servers.
    public func zone(of name: DNSName) -> ResolutionZone? {
        zones.filter { name.isAtOrBelow($0.name) }.max { $0.name.labelCount < $1.name.labelCount }
    }
}
