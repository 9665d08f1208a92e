internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Everything that is found out for one resolver while it works, and put into its settings: designated resolvers, the
/// zones of a provisioning domain, and trust anchors.
///
/// It lives on the resolver's loop. Questions wait until the configured servers have said what they designate, so that
/// this is the first that they are asked (DD-01).
final class ResolverDiscovery {
    private let configured: ResolverSettings
    private let settings: DiscoverySettings
    private let security: ChannelSecurity
    private let reported: (DiscoveryReport) -> Void
    private unowned let client: DNSClient
    private let tools: DiscoveryTools
    private var plan: DiscoveredPlan
    private var anchors: TrustAnchorSet
    private var designations: [DesignationRun] = []
    private var unheard: Set<Int> = []
    private var provisioning: ProvisioningRun?
    private var rollovers: [RolloverRun] = []
    /// Whether the configured servers were heard. Before that nothing changes: questions under way would be asked anew, of
    /// servers that are not to be asked in clear.
    private var hasBegun = false

    /// - Parameters:
    ///   - configured: What the configuration says.
    ///   - security: What ``security(for:_:)`` read.
    ///   - client: Whose settings are kept up to date; it owns this.
    init(
        _ configured: ResolverSettings, _ settings: DiscoverySettings, _ security: ChannelSecurity,
        for client: DNSClient, _ resources: ChannelResources, reported: @escaping (DiscoveryReport) -> Void
    ) {
        self.configured = configured
        self.settings = settings
        self.security = security
        self.client = client
        self.reported = reported
        tools = DiscoveryTools(resources, security, configured) { [unowned client] in
            ResolutionTime(elapsed: client.elapsed, wallClock: resources.wallClock())
        }
        plan = DiscoveredPlan(configured.plan)
        anchors = configured.plan.anchors
    }

    /// The authorities of all servers that there may ever be; reading them blocks.
    static func security(for configured: ResolverSettings, _ settings: DiscoverySettings) -> ChannelSecurity {
        let designated = NameServerEndpoint.tls(
            .loopbackIPv4(port: NameServerEndpoint.tlsPort),
            authentication: ServerAuthentication(name: "designated.invalid", authorities: settings.authorities))
        return ChannelSecurity(for: configured.endpoints + [designated])
    }

    func start() {
        if settings.findsDesignatedResolvers { startDesignations() }
        if unheard.isEmpty { heardAll() }
    }

    func shutDown() {
        for run in designations { run.shutDown() }
        provisioning?.shutDown()
        for run in rollovers { run.shutDown() }
        tools.shutDown()
    }

    private func startDesignations() {
        for (index, endpoint) in configured.endpoints.enumerated() {
            let mayHear = { [plan = configured.plan] (name: DNSName) in plan.mayAsk(server: index, for: name) }
            let run = DesignationRun(of: endpoint, settings, tools, mayHear: mayHear) {
                [weak self] resolvers, refusals in self?.concluded(index, resolvers, refusals)
            }
            guard let run else { continue }
            unheard.insert(index)
            designations.append(run)
        }
        for run in designations { run.start() }
    }

    private func concluded(_ index: Int, _ resolvers: [DesignatedResolver], _ refusals: [DesignationRefusal]) {
        reported(
            .designation(server: configured.plan.servers[index].name, used: resolvers, refused: refusals))
        let isChanged = (plan.designated[index] ?? []) != resolvers
        plan.designated[index] = resolvers.isEmpty ? nil : resolvers
        unheard.remove(index)
        if hasBegun {
            if isChanged { apply() }
        } else if unheard.isEmpty {
            heardAll()
        }
    }

    private func heardAll() {
        startRollovers()
        hasBegun = true
        apply()
        client.release()
        guard let domain = settings.provisioning else { return }
        let run = ProvisioningRun(domain, tools, resolver: client) { [weak self] change in self?.act(on: change) }
        provisioning = run
        run.start()
    }

    private func startRollovers() {
        guard let store = settings.anchorStore else { return }
        rollovers = configured.plan.anchors.all.map { anchor in
            RolloverRun(
                of: anchor, store, tools, servers: { [weak self] in self?.servers(of: anchor.zone) ?? [] },
                changed: { [weak self] in self?.anchorChanged($0, $1) },
                reported: { [weak self] in self?.reported(.trustAnchor($0)) })
        }
        for run in rollovers { run.start() }
    }

    private func servers(of zone: DNSName) -> [NameServerEndpoint] {
        let current = composed()
        let indices = current.plan.zone(of: zone)?.servers ?? []
        return indices.compactMap { current.endpoints.indices.contains($0) ? current.endpoints[$0] : nil }
    }

    private func anchorChanged(_ zone: DNSName, _ anchor: TrustAnchor?) {
        let former = anchors
        if let anchor {
            anchors.replace(anchor)
        } else {
            anchors = TrustAnchorSet(anchors.all.filter { $0.zone != zone })
        }
        if hasBegun, anchors != former { apply() }
    }

    private func act(on change: ProvisioningRun.Change) {
        switch change {
        case .zones(let zones):
            guard zones != plan.zones else { return }
            plan.zones = zones
            apply()
        case .report(let notice): reported(.provisioning(notice))
        }
    }

    private func apply() { client.replace(composed(), security) }

    private func composed() -> ResolverSettings {
        var result = configured
        let endpoints = zip(plan.appended, plan.designators).map { resolver, designator in
            endpoint(of: resolver, designatedBy: configured.endpoints[designator])
        }
        result.endpoints += endpoints
        result.plan = plan.plan(appending: endpoints.map(\.server))
        result.plan.anchors = anchors
        return result
    }

    private func endpoint(
        of resolver: DesignatedResolver, designatedBy server: NameServerEndpoint
    ) -> NameServerEndpoint {
        let authorities: CertificateAuthorities
        switch resolver.endpoint.designator {
        case .address: authorities = settings.authorities
        case .name: authorities = server.authentication.authorities
        }
        // It was verified under this very form, so that there is one.
        return server.designating(resolver, authorities: authorities)
            ?? NameServerEndpoint(server: resolver.server(isLoopback: false), address: nil)
    }
}

extension ResolutionPlan {
    /// Whether a server may hear a name: those of a split zone are for its own servers, whoever names them (EN-04).
    fileprivate func mayAsk(server: Int, for name: DNSName) -> Bool {
        guard let zone = zone(of: name), !zone.name.isRoot else { return true }
        return zone.servers.contains(server)
    }
}
