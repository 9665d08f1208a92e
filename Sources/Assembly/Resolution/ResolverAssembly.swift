internal import Configuration
internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import NameResolution
internal import XMPPModel

/// Makes the settings of the resolver of `[dns]` and its `[[dns.zone]]`: reads the files that they name, and the system's
/// own list of servers where none are named.
///
/// Files are read here, off the loops, at start and on reload.
struct ResolverAssembly {
    /// What it amounts to.
    private(set) var settings = NameSettings(resolver: ResolverSettings(endpoints: [], zones: []))
    /// Everything that is wrong with the files.
    private(set) var errors: [ConfigurationError] = []
    /// What an operator should know although the configuration is usable.
    private(set) var warnings: [String] = []

    private let configuration: Configuration
    private var files: ReferencedFiles
    private var anchors = TrustAnchorSet()
    private var endpoints: [NameServerEndpoint] = []
    private var zones: [ResolutionZone] = []

    /// Reads everything.
    ///
    /// - Parameter systemServers: The text of `/etc/resolv.conf`.
    init(
        _ configuration: Configuration, systemServers: String = Self.resolverConfiguration()
    ) {
        self.configuration = configuration
        files = ReferencedFiles(configuration)
        let dns = configuration.dns
        let system = NameServers(resolverConfiguration: systemServers)
        readRoot(dns, system)
        for zone in dns.zones { read(zone, of: dns) }
        readAnchors(dns)
        settings = NameSettings(
            resolver: ResolverSettings(
                endpoints: endpoints, zones: zones, anchors: anchors, limits: Self.limits(dns, system),
                validation: ValidationLimits(iterations: dns.nsec3Iterations, acceptsSHA1: dns.acceptsSHA1),
                bootstrapServers: Self.bootstrapServers(dns, system)))
        addDiscovery(dns)
        errors = files.errors
    }

    /// The system's own list, empty where it cannot be read.
    static func resolverConfiguration() -> String {
        String(decoding: (try? WholeFile.read("/etc/resolv.conf")) ?? [], as: UTF8.self)
    }

    // MARK: - Servers

    private mutating func readRoot(_ dns: DNSSettings, _ system: NameServers) {
        let validation = Self.validation(dns.validation)
        var indices: [Int] = []
        if dns.servers.isEmpty {
            guard dns.allowsCleartext else { return }
            indices = system.addresses.map { index(of: .cleartext($0)) }
            warnOfCleartext(system)
        } else {
            let means = ServerMeans(
                privacy: dns.privacy, pins: dns.pins,
                authorities: authorities(dns.certificateAuthorities, of: dns.servers, keyPath: "dns.ca"),
                credential: nil)
            indices = dns.servers.compactMap { endpoint($0, means).map { index(of: $0) } }
        }
        zones.append(ResolutionZone(name: .root, servers: indices, validation: validation))
    }

    private mutating func read(_ zone: DNSZone, of dns: DNSSettings) {
        guard let name = try? DNSName(zone.name) else { return }
        let means = ServerMeans(
            privacy: dns.privacy, pins: zone.pins,
            authorities: authorities(zone.certificateAuthorities, of: zone.servers, keyPath: "dns.zone.ca"),
            credential: zone.credential.flatMap { files.credential($0) })
        let indices = zone.servers.compactMap { endpoint($0, means).map { index(of: $0) } }
        zones.append(ResolutionZone(name: name, servers: indices, validation: Self.validation(zone.validation)))
    }

    /// The authorities are read where there is something for them to judge.
    private mutating func authorities(
        _ anchors: TrustAnchors, of servers: [NameServer], keyPath: String
    ) -> CertificateAuthorities {
        servers.contains(where: \.isEncrypted) ? files.authorities(anchors, keyPath: keyPath) : .system
    }

    /// Equal endpoints are one server, so that zones share its connections.
    private mutating func index(of endpoint: NameServerEndpoint) -> Int {
        if let known = endpoints.firstIndex(of: endpoint) { return known }
        endpoints.append(endpoint)
        return endpoints.count - 1
    }

    private func endpoint(_ server: NameServer, _ means: ServerMeans) -> NameServerEndpoint? {
        switch server {
        case .plain(let address):
            return SocketAddress(octets: address.octets, port: address.port).map {
                .cleartext($0, name: server.description)
            }
        case .tls(let address, let name):
            return SocketAddress(octets: address.octets, port: address.port).map {
                .tls(
                    $0, name: server.description, profile: means.profile,
                    authentication: means.authentication(name: name, pinned: true))
            }
        case .https(let https):
            let settings = HTTPSServerSettings(
                host: https.host, port: https.port, path: https.path, credential: means.credential)
            let address = https.address.flatMap { SocketAddress(octets: $0.octets, port: $0.port) }
            return .https(
                settings, at: address, name: server.description, profile: means.profile,
                authentication: means.authentication(name: https.host, pinned: false))
        }
    }

    private mutating func warnOfCleartext(_ system: NameServers) {
        let remote = system.addresses.filter { !$0.isLoopback }.map(\.host)
        guard !remote.isEmpty else { return }
        warnings.append(
            "DNS questions go in clear to \(remote.joined(separator: ", ")), which resolv.conf names; "
                + "name others in dns.servers to change that")
    }

    /// Whom to ask for the addresses of HTTPS servers that are known by name only: those that the configuration or the
    /// system has asked in clear anyway.
    private static func bootstrapServers(_ dns: DNSSettings, _ system: NameServers) -> NameServers {
        guard dns.allowsCleartext else { return NameServers(addresses: []) }
        let named: [SocketAddress] = dns.servers.compactMap { server in
            guard case .plain(let address) = server else { return nil }
            return SocketAddress(octets: address.octets, port: address.port)
        }
        return named.isEmpty ? system : NameServers(addresses: named)
    }

    // MARK: - Trust anchors

    private mutating func readAnchors(_ dns: DNSSettings) {
        let named = files.anchorFile(at: dns.trustAnchor, keyPath: "dns.trust_anchor")
        let isNeeded =
            dns.validation == .local
            || dns.zones.contains { $0.validation == .local && $0.trustAnchor == nil }
        if isNeeded || named?.position != nil {
            for anchor in files.trustAnchors(dns.trustAnchor, named, keyPath: "dns.trust_anchor") {
                anchors.insert(anchor)
            }
        }
        for zone in dns.zones {
            guard let path = zone.trustAnchor, let name = try? DNSName(zone.name) else { continue }
            let file = files.anchorFile(at: path, keyPath: "dns.zone.trust_anchor")
            // The zone's own file has the last word on what it names.
            for anchor in files.trustAnchors(path, file, keyPath: "dns.zone.trust_anchor", under: name) {
                anchors.replace(anchor)
            }
        }
    }

    // MARK: - Discovery

    private mutating func addDiscovery(_ dns: DNSSettings) {
        settings.findsDesignatedResolvers = dns.discovery
        settings.profile = ServerMeans.profile(dns.privacy)
        guard dns.discovery || dns.provisioningDomain != nil else { return }
        settings.authorities = files.authorities(dns.certificateAuthorities, keyPath: "dns.ca")
        guard let name = dns.provisioningDomain, let domain = try? DNSName(name) else { return }
        settings.provisioning = DiscoverySettings.Provisioning(
            domain: domain, allowedZones: dns.provisioningZones.compactMap { try? DNSName($0) },
            servers: zones.first { $0.name.isRoot }?.servers ?? [], validation: Self.validation(dns.validation),
            authorities: settings.authorities)
    }

    // MARK: - Smaller choices

    private static func validation(_ validation: DNSSettings.Validation) -> ResolutionZone.Validation {
        switch validation {
        case .local: .local
        case .resolver: .server
        case .off: .off
        }
    }

    private static func limits(_ dns: DNSSettings, _ system: NameServers) -> ResolverLimits {
        var limits = ResolverLimits()
        // What resolv.conf(5) says of patience counts where its servers do.
        if dns.servers.isEmpty { limits.lookup = system.limits }
        limits.lookup.tryTimeout = min(limits.lookup.tryTimeout, dns.timeout)
        limits.lookup.connectionTimeout = dns.timeout
        // One silent server leaves the next as much time.
        limits.lookup.overall = dns.timeout * 2
        return limits
    }
}
