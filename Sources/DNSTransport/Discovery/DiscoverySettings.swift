public import DNSMessages
public import NameResolution

/// What is to be found out while the resolver works, and within which bounds.
public struct DiscoverySettings: Sendable {
    /// A provisioning domain, and what it may say (RFC 8801).
    public struct Provisioning: Hashable, Sendable {
        /// Its identifier.
        public var domain: DNSName
        /// The zones that it may claim, with all below them.
        public var allowedZones: [DNSName]
        /// The network's resolvers, as indices into the plan.
        public var servers: [Int]
        /// Who validates in its zones.
        public var validation: ResolutionZone.Validation
        /// The authorities that its web server's certificate may come from.
        public var authorities: CertificateAuthorities
        /// The IPv6 prefixes of the networks that this host is attached to, one list for each; nil: those of its
        /// interfaces.
        public var networks: [[NetworkPrefix]]?
        /// The port of its web server.
        public var port: UInt16

        /// Makes settings.
        public init(
            domain: DNSName, allowedZones: [DNSName], servers: [Int], validation: ResolutionZone.Validation = .local,
            authorities: CertificateAuthorities = .system, networks: [[NetworkPrefix]]? = nil, port: UInt16 = 443
        ) {
            self.domain = domain
            self.allowedZones = allowedZones
            self.servers = servers
            self.validation = validation
            self.authorities = authorities
            self.networks = networks
            self.port = port
        }
    }

    /// Where the state of the trust anchors is kept (RFC 5011); both are called on the resolver's loop.
    public struct AnchorStore: Sendable {
        /// What was kept under a file name of ``TrustAnchorRollover/fileName(for:)``; nil when nothing was.
        public var load: @Sendable (String) -> String?
        /// Keeps a text under a file name, wholly or not at all.
        public var save: @Sendable (String, String) -> Void

        /// Makes a store.
        public init(
            load: @escaping @Sendable (String) -> String?, save: @escaping @Sendable (String, String) -> Void
        ) {
            self.load = load
            self.save = save
        }
    }

    /// Whether servers are asked which encrypted ones take their place (RFC 9462).
    public var findsDesignatedResolvers: Bool
    /// Whether encryption without authentication will do for what a server with a private address designates (DD-03).
    public var profile: UpstreamServer.Profile
    /// The authorities that certificates of resolvers designated by unencrypted ones may come from.
    public var authorities: CertificateAuthorities
    /// A provisioning domain; nil: none.
    public var provisioning: Provisioning?
    /// Where changes of the trust anchors are kept; nil: the configured anchors are used as they are.
    public var anchorStore: AnchorStore?

    /// Makes settings; the default finds out nothing.
    public init(
        findsDesignatedResolvers: Bool = false, profile: UpstreamServer.Profile = .strict,
        authorities: CertificateAuthorities = .system, provisioning: Provisioning? = nil,
        anchorStore: AnchorStore? = nil
    ) {
        self.findsDesignatedResolvers = findsDesignatedResolvers
        self.profile = profile
        self.authorities = authorities
        self.provisioning = provisioning
        self.anchorStore = anchorStore
    }
}
