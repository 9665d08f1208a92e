internal import ArgumentParser
internal import Assembly
internal import DNSMessages
internal import DNSTransport
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import Glibc
internal import HTTPExchange
internal import NameResolution
internal import POSHTransport
internal import Prooftypes
internal import TransportSecurity
internal import XMPPModel

/// The process that `ligase-bench associations` measures: the engine alone, which has claims of remote servers decided.
struct AssociationSubject: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "association-subject", abstract: "Has claims decided and says what it cost.",
        shouldDisplay: false)

    @Option var proof: ProofKind
    @Option var nameServer: String
    @Option var webServer: String
    @Option var anchorFile: String
    @Option var authorityFile: String
    @Option var certificateFile: String
    @Option var domains: Int
    @Option var window = 16

    /// How often everything is decided again, with what is known by then.
    private static let warmRounds = 5

    func run() throws {
        let loop = try EventLoop(name: "engine")
        defer { loop.stop() }
        let settings = try resolverSettings()
        let certificates = try Certificate.chain(pem: WholeFile.read(certificateFile))
        let claims = try (0..<domains).map { try claim(of: AssociationLaboratory.remote($0), certificates) }
        let policy = try policy()
        let rules = try retrievalRules()
        let engine = loop.run { LoopReference(Engine(settings, RetrievalSettings(rules), on: loop), on: loop) }
        defer { engine.run { $0.shutDown() } }
        try decide(claims, "cold", engine, policy)
        let again = (0..<Self.warmRounds).flatMap { _ in claims }
        try decide(again, "warm", engine, policy)
    }

    private func decide(
        _ claims: [DomainClaim], _ phase: String, _ engine: LoopReference<Engine>, _ policy: FederationPolicy
    ) throws {
        let before = ProcessCost.current
        let window = window
        engine.run { $0.decide(claims, under: policy, window: window) }
        // Whoever has started this process ends it sooner.
        try Bench.wait(for: "the claims to be decided", within: .seconds(600)) {
            let (isOver, failure) = engine.run { ($0.isOver, $0.failure) }
            if let failure { throw BenchmarkFailure(failure) }
            return isOver
        }
        let after = ProcessCost.current
        print(phase, claims.count, after.processor - before.processor, after.wall - before.wall)
    }

    private func claim(of domain: String, _ certificates: [PeerCertificate]) throws -> DomainClaim {
        DomainClaim(
            pair: DomainPair(
                sender: try DomainName(domain), target: try DomainName(AssociationLaboratory.locals[0])),
            side: .sender, certificates: certificates, moment: Int64(time(nil)))
    }

    private func policy() throws -> FederationPolicy {
        let store = try TrustStore(authorities: [.file(authorityFile)])
        let prooftype: any Prooftype =
            switch proof {
            case .pkix: PKIXProoftype(trustStore: store)
            case .dane: DANEProoftype(trustStore: store)
            case .posh: POSHProoftype()
            }
        return FederationPolicy(prooftypes: [prooftype])
    }

    private func resolverSettings() throws -> ResolverSettings {
        let anchors = try TrustAnchorText.read(String(decoding: WholeFile.read(anchorFile), as: UTF8.self))
            .compactMap(DelegationSigner.init).map { TrustAnchor(zone: $0.owner, signers: [$0]) }
        return ResolverSettings(
            endpoints: [.cleartext(try SocketAddress(nameServer))],
            zones: [ResolutionZone(name: .root, servers: [0], validation: .local)], anchors: TrustAnchorSet(anchors))
    }

    private func retrievalRules() throws -> RetrievalRules {
        RetrievalRules(
            authorities: .pem(try WholeFile.read(authorityFile)), server: try SocketAddress(webServer),
            addressGuard: POSHAddressGuard(allowsPrivateAddresses: true))
    }
}

/// Claims being decided on one loop, a fixed number at a time.
private final class Engine {
    private let resolver: DNSClient
    private let documents: POSHClient
    private let decider: ClaimDecider
    private let loop: EventLoop
    private var claims: [DomainClaim] = []
    private var next = 0
    private var decided = 0
    private(set) var failure: String?
    var isOver: Bool { decided == claims.count }

    init(_ settings: ResolverSettings, _ retrieval: RetrievalSettings, on loop: EventLoop) {
        self.loop = loop
        resolver = DNSClient(settings, on: loop, wallClock: { Int64(time(nil)) })
        documents = POSHClient(retrieval, resolver: resolver, on: loop)
        decider = ClaimDecider(resolver: resolver, publishedKeys: documents)
    }

    func decide(_ claims: [DomainClaim], under policy: FederationPolicy, window: Int) {
        self.claims = claims
        (next, decided) = (0, 0)
        for _ in 0..<window { begin(policy) }
    }

    func shutDown() {
        documents.shutDown()
        resolver.shutDown()
    }

    private func begin(_ policy: FederationPolicy) {
        guard next < claims.count, failure == nil else { return }
        let claim = claims[next]
        next += 1
        decider.decide(claim, under: policy) { [unowned self] conclusion in
            guard case .proven = conclusion else {
                failure = "\(claim.claimedDomain): \(conclusion.explanation)"
                return
            }
            decided += 1
            // Some conclusions come at once, and are not to stand on each other.
            loop.afterTurn { [unowned self] in begin(policy) }
        }
    }
}
