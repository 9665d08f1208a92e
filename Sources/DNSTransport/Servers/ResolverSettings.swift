internal import DNSMessages
public import NameResolution

/// All that a resolver needs to know: whom to ask for what, how to reach them, and how much work to take on.
public struct ResolverSettings: Hashable, Sendable {
    /// Whom to ask for which name.
    public var plan: ResolutionPlan
    /// How to reach the servers of ``plan``, by the same index.
    public var endpoints: [NameServerEndpoint]
    /// How much work is taken on.
    public var limits: ResolverLimits
    /// How much work validation may make.
    public var validation: ValidationLimits
    /// Servers asked in clear for the addresses of HTTPS servers that are known by name only, and for nothing else
    /// (RFC 8310 §7.2); in a system without any, those servers cannot be reached.
    public var bootstrapServers: NameServers

    /// Makes settings from endpoints and zones; the plan's servers are the endpoints'.
    public init(
        endpoints: [NameServerEndpoint], zones: [ResolutionZone], anchors: TrustAnchorSet = TrustAnchorSet(),
        limits: ResolverLimits = ResolverLimits(), validation: ValidationLimits = ValidationLimits(),
        bootstrapServers: NameServers = NameServers(addresses: [])
    ) {
        plan = ResolutionPlan(servers: endpoints.map(\.server), zones: zones, anchors: anchors)
        self.endpoints = endpoints
        self.limits = limits
        self.validation = validation
        self.bootstrapServers = bootstrapServers
    }

    /// Servers asked in clear for everything, whose answers nobody validates.
    ///
    /// - Parameter limits: How much is asked at once and kept; how patiently is for `servers` to say.
    public init(cleartext servers: NameServers, limits: ResolverLimits = ResolverLimits()) {
        var limits = limits
        limits.lookup = servers.limits
        let endpoints = servers.addresses.map { NameServerEndpoint.cleartext($0) }
        self.init(
            endpoints: endpoints,
            zones: [ResolutionZone(name: .root, servers: Array(endpoints.indices), validation: .off)], limits: limits)
    }
}
