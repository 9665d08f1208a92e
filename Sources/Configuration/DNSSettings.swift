public import XMPPModel

/// `[dns]`: how names are looked up and validated.
public struct DNSSettings: Sendable, Hashable {
    /// Who validates DNSSEC signatures.
    public enum Validation: String, Sendable, Hashable, CaseIterable {
        /// This process.
        case local
        /// The resolver, where its AD bit comes over an authenticated channel or from loopback.
        case resolver
        /// Nobody: every answer counts as unsigned.
        case off
    }

    /// How encrypted servers are judged (RFC 8310).
    public enum Privacy: String, Sendable, Hashable, CaseIterable {
        /// Encrypted and authenticated, or nothing.
        case strict
        /// Unauthenticated encryption will do.
        case opportunistic
    }

    /// `validation`. Without the feature for it among the built ones, it behaves as `off`.
    public var validation = Validation.local
    /// `trust_anchor`: path of DS or DNSKEY records.
    public var trustAnchor = "/usr/share/dns/root.key"
    /// `servers`; empty: those of `/etc/resolv.conf`.
    public var servers: [NameServer] = []
    /// `privacy`.
    public var privacy = Privacy.strict
    /// `cleartext`: `false` forbids every question in clear.
    public var allowsCleartext = true
    /// `ca`, or else `tls.trust_anchors`: what the chains of encrypted servers may end at.
    public var certificateAuthorities = TrustAnchors.system
    /// `pin_sha256`: for servers with DNS over TLS.
    public var pins: [PublicKeyPin] = []
    /// `nsec3_iterations`: a zone with more is treated as insecure (RFC 9276).
    public var nsec3Iterations = 50
    /// `sha1`: whether signatures and digests with SHA-1 count; `false`: zones that have no others count as unsigned.
    public var acceptsSHA1 = true
    /// `discovery`: DDR (RFC 9462).
    public var discovery = false
    /// `provisioning_domain` (RFC 8801); `nil`: none.
    public var provisioningDomain: DomainName?
    /// `provisioning_zones`: the only zones that the provisioning domain may claim.
    public var provisioningZones: [DomainName] = []
    /// `timeout` of one query to one server; a whole lookup ends after twice as long.
    public var timeout = Duration.seconds(5)
    /// `[[dns.zone]]`: split DNS.
    public var zones: [DNSZone] = []

    /// The defaults.
    public init() {}

    private static let mostIterations = 65_535

    /// Reads `[dns]`; `authorities` are those of `[tls]`.
    init(reading table: TableReader, defaultAuthorities authorities: TrustAnchors) {
        validation = table.choice("validation", default: validation)
        trustAnchor = table.file("trust_anchor", for: .signedZoneTrustAnchor, default: trustAnchor)
        servers = table.nameServers("servers") ?? servers
        privacy = table.choice("privacy", default: privacy)
        allowsCleartext = table.boolean("cleartext", default: allowsCleartext)
        certificateAuthorities = table.trustAnchors("ca", for: .nameServerTrustAnchors) ?? authorities
        pins = table.pins("pin_sha256")
        nsec3Iterations = table.integer("nsec3_iterations", default: nsec3Iterations, in: 0...Self.mostIterations)
        acceptsSHA1 = table.boolean("sha1", default: acceptsSHA1)
        discovery = table.boolean("discovery", default: discovery)
        if let name = table.string("provisioning_domain"), !name.isEmpty {
            provisioningDomain = table.domain(name, of: "provisioning_domain", mend: "write a domain name")
        }
        provisioningZones = table.domains("provisioning_zones") ?? provisioningZones
        timeout = table.seconds("timeout", default: timeout)
        zones = DNSZone.all(reading: table, within: self, defaultAuthorities: authorities)
        checkFeatures(in: table)
        DNSServerRules(servers: servers, pins: pins, privacy: privacy, allowsCleartext: allowsCleartext)
            .check(in: table, mayUseSystemServers: true)
        for server in servers {
            // A zone that may be learnt is as internal as one that is configured.
            guard let zone = server.zoneThatHidesIt(zones.map(\.name) + provisioningZones) else { continue }
            table.error(
                "servers", "the address of \(server) would be looked up in clear, and its name is in \(zone)",
                mend: server.bootstrapMend)
        }
        if validation == .resolver, servers.contains(where: \.isInClearOutsideLoopback) {
            table.warning(
                "validation",
                "a server asked in clear is trusted only on this host: the answers of the others count as unsigned")
        }
        if provisioningDomain != nil, provisioningZones.isEmpty {
            table.warning("provisioning_domain", "may claim no zone: provisioning_zones is empty")
        }
        if provisioningDomain == nil, !provisioningZones.isEmpty {
            table.warning("provisioning_zones", "has no effect without provisioning_domain")
        }
        table.finish()
    }

    private func checkFeatures(in table: TableReader) {
        table.checkValidation(validation, key: "validation")
        table.needs(.signatureValidation, for: "trust_anchor")
        table.needs(.signatureValidation, for: "nsec3_iterations")
        table.needs(.signatureValidation, for: "sha1")
        table.needs([.dnsOverTLS, .dnsOverHTTPS], for: "privacy")
        table.needs([.dnsOverTLS, .dnsOverHTTPS], for: "ca", unless: table.string("ca")?.isEmpty == true)
        if discovery {
            table.requires(
                .resolverDiscovery, for: "discovery", "asks for encrypted resolvers, whose discovery is not built yet",
                mend: "write discovery = false")
        }
        if provisioningDomain != nil { table.needs(.provisioningDomains, for: "provisioning_domain") }
        if !provisioningZones.isEmpty { table.needs(.provisioningDomains, for: "provisioning_zones") }
    }
}
