internal import Administration
internal import Configuration
internal import DNSMessages
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import NameResolution
internal import Prooftypes
internal import TransportSecurity
internal import XMPPModel

/// A whole check: what DNS says, what each server does and presents, what every prooftype makes of it, and what our
/// configuration would.
struct RemoteCheck {
    let domain: DomainName
    let service: CheckedService
    /// The domain of ours that asks; nil for nobody.
    let sender: DomainName?
    /// What is presented on its behalf.
    let identity: TLSIdentity?
    let configuration: Configuration
    let policies: PolicyTable
    let session: LookupSession
    /// Seconds since 1970.
    let moment: Int64

    private(set) var report: CheckReport

    /// Addresses looked at in one check at most.
    private static let mostTargets = 64
    /// How long all connections together may take.
    private static let limit = Duration.seconds(90)
    /// One conversation takes no longer, whatever the daemon's patience.
    private static let mostPatience = Duration.seconds(20)
    /// How long trying dialback may take, with all servers together, and with one of them.
    private static let trialLimit = Duration.seconds(90)
    private static let mostTrialPatience = Duration.seconds(30)

    init(
        _ domain: DomainName, _ service: CheckedService, from sender: DomainName?, presenting identity: TLSIdentity?,
        _ configuration: Configuration, _ policies: PolicyTable, over session: LookupSession, at moment: Int64
    ) {
        self.domain = domain
        self.service = service
        self.sender = sender
        self.identity = identity
        self.configuration = configuration
        self.policies = policies
        self.session = session
        self.moment = moment
        report = CheckReport(domain: domain.description, service: service.rawValue)
    }

    private var remote: RemotePolicy? { RemotePolicyIndex(configuration.remotes).policy(for: domain) }

    /// The keys by which the daemon knows the domain; nil where they cannot be read.
    private var knownKeys: [KnownKey]? {
        service == .server ? KeyFile.keys(of: domain, in: configuration.stateDirectory) : []
    }

    /// Takes every step.
    mutating func perform(
        _ names: consuming DomainCheck
    ) async throws {
        await names.perform(routes: service == .server ? remote?.routes ?? [] : [])
        report = names.report
        let endpoints = names.endpoints
        // Beside connecting, so that its slowness is not added (PO-20); for a domain that nobody can reach it is not asked.
        async let publishing = publishedKeys(isAsked: !endpoints.isEmpty)
        let outcomes = try await probe(endpoints)
        let published = await publishing
        var evidence = Evidence()
        evidence.add(published, of: domain, for: service.claimed)
        let targets = try await tryDialback(with: judge(endpoints, outcomes, evidence), evidence)
        conclude(targets, published)
    }

    private func publishedKeys(isAsked: Bool) async -> PublishedKeys {
        guard !domain.isAddressLiteral else { return PublishedKeys(.none(reason: "an address publishes nothing")) }
        guard isAsked else { return PublishedKeys(.none(reason: "not asked, since there is nobody to connect to")) }
        return await session.publishedKeys(of: domain, for: service.claimed)
    }

    // MARK: - Connecting

    private func settings(presenting identity: TLSIdentity?) -> EndpointProbe.Settings {
        let timeouts = configuration.timeouts
        var settings = EndpointProbe.Settings(
            domain: domain, service: service.claimed, sender: sender, identity: identity,
            connectTimeout: min(timeouts.connect, Self.mostPatience),
            negotiationTimeout: min(timeouts.negotiation, Self.mostPatience),
            closeTimeout: min(timeouts.close, .seconds(2)))
        settings.dialbackTimeout = min(timeouts.dialback, Self.mostTrialPatience)
        return settings
    }

    private func probe(_ endpoints: [CheckedEndpoint]) async throws -> [[EndpointProbe.Outcome]] {
        let settings = settings(presenting: identity)
        // Whatever our minimum, a server that has nothing better is to be seen.
        let context = try TLSContext.client(versions: .tls12 ... .tls13)
        var targets: [ProbeRun.Target] = []
        for endpoint in endpoints where endpoint.refusal == nil {
            for address in endpoint.addresses {
                guard let address = SocketAddress(octets: address.octets, port: endpoint.port) else { continue }
                targets.append(ProbeRun.Target(address: address, directTLS: endpoint.directTLS))
            }
        }
        let tried = Array(targets.prefix(Self.mostTargets))
        var outcomes = await session.probe(tried, settings, context: context, within: Self.limit)[...]
        let untried = EndpointProbe.Outcome(failure: "not tried: \(Self.mostTargets) addresses are enough")
        return endpoints.map { endpoint in
            guard endpoint.refusal == nil else { return [] }
            return endpoint.addresses.map { _ in outcomes.popFirst() ?? untried }
        }
    }

    // MARK: - Dialback

    private var rules: DialbackRules { DialbackRules(policies.policy(under: remote)) }

    /// On connections of their own, once it is known who may have a key.
    private func tryDialback(with targets: [ProbedTarget], _ evidence: Evidence) async throws -> [ProbedTarget] {
        guard service == .server else { return targets }
        let minimum: TLSVersion = configuration.tls.minimumVersion == .tls13 ? .tls13 : .tls12
        let plan = DialbackPlan(
            keys: SenderKeys(of: sender, in: configuration, under: remote), rules: rules,
            strongest: policies.strongestPolicy(under: remote), evidence: evidence, minimumVersion: minimum)
        var targets = targets
        var places: [Int] = []
        var trials: [ProbeRun.Target] = []
        for (index, target) in targets.enumerated() {
            if let obstacle = plan.obstacle(to: target) {
                targets[index].dialback = obstacle
                continue
            }
            guard let address = target.address, let trial = plan.trial(with: target),
                let place = SocketAddress(octets: address.octets, port: target.endpoint.port)
            else { continue }
            places.append(index)
            trials.append(
                ProbeRun.Target(address: place, directTLS: target.endpoint.directTLS, trial: trial))
        }
        let context = try TLSContext.client(versions: minimum ... .tls13)
        let outcomes = await session.probe(
            trials, settings(presenting: nil), context: context, within: Self.trialLimit)
        for (index, outcome) in zip(places, outcomes) { targets[index].dialback = .tried(outcome) }
        return targets
    }

    // MARK: - Judging

    private func judge(
        _ endpoints: [CheckedEndpoint], _ outcomes: [[EndpointProbe.Outcome]], _ evidence: Evidence
    ) -> [ProbedTarget] {
        let strongest = policies.strongestPolicy(under: remote)
        let policy = policies.policy(under: remote)
        let known = knownKeys ?? []
        var targets: [ProbedTarget] = []
        for (endpoint, outcomes) in zip(endpoints, outcomes) {
            let seen: [(IPAddress?, EndpointProbe.Outcome)] =
                outcomes.isEmpty
                ? [(endpoint.addresses.first, EndpointProbe.Outcome(failure: endpoint.refusal ?? "no address"))]
                : zip(endpoint.addresses, outcomes).map { ($0, $1) }
            for (address, outcome) in seen {
                let claim = DomainClaim(
                    pair: DomainPair(sender: sender ?? domain, target: domain), side: .target,
                    certificates: outcome.session?.certificates ?? [], moment: moment, delegation: endpoint.delegation,
                    service: service.claimed, knownKeys: known)
                let judgement = EndpointJudgement(claim, with: evidence, strongest: strongest, under: policy)
                targets.append(
                    ProbedTarget(
                        endpoint, address, outcome, judgement, for: service.claimed, hasSender: sender != nil))
            }
        }
        return targets
    }

    private mutating func conclude(_ targets: [ProbedTarget], _ published: PublishedKeys) {
        if targets.isEmpty {
            report.steps.append(
                CheckReport.Step(
                    "connection", .absent, "nothing to connect to", fix: "mend what stands above first"))
        }
        report.targets = targets.map(Self.target)
        report.verdict = targets.map(\.verdict).max() ?? .none
        report.steps +=
            CheckNarration(
                domain: domain, service: service, sender: sender, trustStore: policies.trustStore(under: remote),
                moment: moment, targets: targets
            ).steps
        let poshResults = targets.compactMap { target in
            target.judgement.statements.first { $0.name == "posh" && !target.certificates.isEmpty }?.proof.result
        }
        report.steps.append(ProofSteps(domain: domain, moment: moment).posh(published, results: poshResults))
        let summary = ProofSummary(targets, service: service, domain: domain, sender: sender)
        report.prooftypes = summary.prooftypes
        report.steps += summary.steps
        guard service == .server else { return }
        if let step = sender.flatMap({ SenderStep(domain: domain, sender: $0).step(targets) }) {
            report.steps.append(step)
        }
        if let step = OneWayStep(domain: domain, local: sender, rules: rules).step(targets) {
            report.steps.append(step)
        }
        report.steps.append(
            PolicyStep(
                domain: domain, configuration: configuration, remote: remote, rules: rules, knowsKeys: knownKeys != nil
            ).step(targets))
    }

    private static func target(_ probed: ProbedTarget) -> CheckReport.Target {
        var target = CheckReport.Target(
            host: probed.endpoint.host, address: probed.address?.description, port: probed.endpoint.port,
            directTLS: probed.endpoint.directTLS)
        target.tlsVersion = probed.outcome.session?.version.description
        target.cipher = probed.outcome.session?.cipherSuite
        target.certificate = probed.certificates.first.map(CertificateSteps.summary)
        target.verdict = probed.verdict
        target.proven = probed.judgement.statements.filter { $0.proof.result == .proven }.map(\.name.description)
        return target
    }
}
