import DNSMessages
import DNSTransport
import DomainAssociation
import NameResolution
import Prooftypes
import Synchronization
import Testing
import TransportSecurity
import XMPPModel

@testable import Federation

@Suite("lookups for a claim")
struct EvidenceGathererTests {
    /// Finds signed services everywhere, and counts what that costs.
    private final class GenerousResolver: NameResolver {
        private(set) var questions: [DNSQuestion] = []
        private var waiting: [() -> Void] = []

        func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void) {
            questions.append(question)
            waiting.append { completion(Self.answer(question)) }
        }

        func later(_ body: @escaping () -> Void) { waiting.append(body) }

        func run() {
            while !waiting.isEmpty { waiting.removeFirst()() }
        }

        private static func answer(_ question: DNSQuestion) -> Answer {
            let records = (0..<50).compactMap { number -> DNSRecord? in
                guard question.type == .srv, let target = try? DNSName("host\(number).example") else { return nil }
                return DNSRecord(
                    owner: question.name, timeToLive: 300,
                    data: .srv(priority: 0, weight: 0, port: 5269, target: target))
            }
            return Answer(
                to: question, records.isEmpty ? .noRecords : .records(records), security: .secure,
                lifetime: .seconds(300))
        }
    }

    /// Never has enough, or only ever wants one more.
    private struct GreedyProoftype: Prooftype {
        let name: ProoftypeName = "greedy"
        let domains: [DomainName]
        let isPatient: Bool

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            let missing = domains.filter { evidence.serviceRecords(of: $0) == nil }
            if missing.isEmpty {
                let unknown = domains.compactMap { evidence.serviceRecords(of: $0) }.first(where: \.isUnknown)
                return .inconclusive(reason: unknown?.detail ?? "all was answered")
            }
            return .needs((isPatient ? Array(missing.prefix(1)) : missing).map { .serviceRecords(of: $0) })
        }
    }

    private static func conclude(asking count: Int, isPatient: Bool) throws -> (ProofConclusion?, [DNSQuestion]) {
        let resolver = GenerousResolver()
        let prooftype = GreedyProoftype(
            domains: try (0..<count).map { try DomainName("n\($0).example") }, isPatient: isPatient)
        let pair = DomainPair(sender: try DomainName("b.example"), target: try DomainName("a.example"))
        let claim = DomainClaim(pair: pair, side: .sender, certificates: [], moment: 0)
        var conclusions: [ProofConclusion] = []
        EvidenceGatherer(resolver: resolver).decide(claim, under: FederationPolicy(prooftypes: [prooftype])) {
            conclusions.append($0)
        }
        resolver.run()
        #expect(conclusions.count == 1)
        return (conclusions.first, resolver.questions)
    }

    @Test(arguments: [false, true])
    func `DO-06: a claim has so many questions asked and no more, and is decided all the same`(isPatient: Bool) throws {
        let (greedy, questions) = try Self.conclude(asking: 100, isPatient: isPatient)
        #expect(questions.count > LookupBudget.forServices && questions.count <= LookupBudget.forClaim)
        guard case .refused(_, let verdicts) = greedy else {
            Issue.record("\(String(describing: greedy))")
            return
        }
        #expect(verdicts.map(\.reason) == ["the claim has cost too many lookups already"])

        let (modest, asked) = try Self.conclude(asking: 2, isPatient: isPatient)
        #expect(asked.count <= 2 * LookupBudget.forServices)
        guard case .refused(_, let verdicts) = modest else {
            Issue.record("\(String(describing: modest))")
            return
        }
        #expect(verdicts.map(\.reason) == ["all was answered"])
    }

    // MARK: - Once more

    /// Says what a test says, and counts how often.
    private final class ScriptedKeys: PublishedKeysSource {
        var keys: PublishedKeys
        private(set) var requests = 0
        private let resolver: GenerousResolver

        init(_ keys: PublishedKeys, on resolver: GenerousResolver) {
            self.keys = keys
            self.resolver = resolver
        }

        func publishedKeys(
            of domain: DomainName, for service: ClaimedService, completion: @escaping (PublishedKeys) -> Void
        ) {
            requests += 1
            resolver.later { [keys] in completion(keys) }
        }
    }

    /// Proves without evidence, when it is told to.
    private struct SwitchedProoftype: Prooftype {
        let name: ProoftypeName = "other"
        let proves: Bool

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            proves ? .proven(Proof(["matched": "another"], expires: 5000)) : .inconclusive(reason: "not today")
        }
    }

    @Test(arguments: [true, false])
    func `PO-21: keys that are published no more end nothing at once, and nothing that another prooftype proves`(
        isProvenOtherwise: Bool
    ) throws {
        let resolver = GenerousResolver()
        let material = PublishedKeyMaterial(
            .fingerprints([.init([.sha256: [UInt8](repeating: 7, count: 32)])]), lifetime: 60)
        let keys = ScriptedKeys(PublishedKeys(.material(material), expires: 1060), on: resolver)
        let issued = try Network.selfSigned("b.example")
        let pair = DomainPair(sender: try DomainName("b.example"), target: try DomainName("a.example"))
        let claim = DomainClaim(
            pair: pair, side: .sender, certificates: [issued.certificate], moment: Network.now)
        let policy = FederationPolicy(prooftypes: [POSHProoftype(), SwitchedProoftype(proves: isProvenOtherwise)])
        let gatherer = EvidenceGatherer(resolver: resolver, publishedKeys: keys)
        var renewals: [String] = []
        for _ in 0..<5 {
            gatherer.renew(claim, under: policy, of: 1, expiring: 1000) { renewal in
                switch renewal {
                case .proven(let end): renewals.append("proven until \(end ?? 0)")
                case .undecided: renewals.append("undecided")
                case .refuted: renewals.append("refuted")
                }
            }
        }
        resolver.run()
        // Five pairs with one certificate are proved again once.
        #expect(renewals == Array(repeating: isProvenOtherwise ? "proven until 5000" : "undecided", count: 5))
        #expect(keys.requests <= 1)
    }

    @Test func `PT-06: what was proved once more under a policy that holds no more proves nothing under another`()
        throws
    {
        let resolver = GenerousResolver()
        let pair = DomainPair(sender: try DomainName("b.example"), target: try DomainName("a.example"))
        let claim = DomainClaim(pair: pair, side: .sender, certificates: [], moment: 900)
        let gatherer = EvidenceGatherer(resolver: resolver)
        var isProved: [Bool] = []
        // One after the other, and while another's answer is awaited.
        for _ in 0..<2 {
            for (deployment, proves) in [(UInt64(1), true), (2, false), (1, true)] {
                let policy = FederationPolicy(prooftypes: [SwitchedProoftype(proves: proves)])
                gatherer.renew(claim, under: policy, of: deployment, expiring: 1000) { renewal in
                    if case .proven = renewal { isProved.append(true) } else { isProved.append(false) }
                }
            }
            resolver.run()
        }
        #expect(isProved.count { $0 } == 4 && isProved.count { !$0 } == 2)
    }

    @Test func `PT-06, CM-14: a provider's certificate counts for no longer than the records that name the provider`()
        throws
    {
        let issued = try Network.issue("*.example")
        let trustStore = try TrustStore(authorities: [.certificate(Network.authorityCertificate())])
        let domain = try DomainName("b.test")
        let pair = DomainPair(sender: domain, target: try DomainName("a.example"))
        let policy = FederationPolicy(prooftypes: [PKIXProoftype(trustStore: trustStore)])
        let claim = DomainClaim(pair: pair, side: .sender, certificates: issued.chain, moment: Network.now)
        let resolver = GenerousResolver()
        var conclusion: ProofConclusion?
        EvidenceGatherer(resolver: resolver).decide(claim, under: policy) { conclusion = $0 }
        resolver.run()
        guard case .proven(let inbound)? = conclusion else {
            Issue.record("\(conclusion?.explanation ?? "no conclusion")")
            return
        }
        #expect(inbound.proof.expires == claim.moment + 300)

        var endpoints: [ServiceEndpoint] = []
        resolver.services(of: domain) { endpoints = $0.endpoints }
        resolver.run()
        let endpoint = try #require(endpoints.first)
        let dialled = DomainClaim(
            pair: pair.reversed, side: .target, certificates: issued.chain, moment: Network.now,
            delegation: Delegation(to: endpoint, at: Network.now))
        EvidenceGatherer(resolver: resolver).decide(dialled, under: policy) { conclusion = $0 }
        guard case .proven(let outbound)? = conclusion else {
            Issue.record("\(conclusion?.explanation ?? "no conclusion")")
            return
        }
        #expect(try #require(outbound.proof.expires) <= dialled.moment + 300)
    }

    private static func claim(
        _ issued: IssuedCertificate, at moment: Int64, side: DomainClaim.Side = .sender, delegation: Delegation? = nil
    ) throws -> DomainClaim {
        let (theirs, ours) = (try DomainName("b.example"), try DomainName("a.example"))
        return DomainClaim(
            pair: side == .sender ? DomainPair(sender: theirs, target: ours) : DomainPair(sender: ours, target: theirs),
            side: side, certificates: [issued.certificate], moment: moment, delegation: delegation)
    }

    /// What comes of proving a claim once more, that was proved until the moment 900.
    private static func renew(
        _ claim: DomainClaim, by prooftype: any Prooftype, with gatherer: EvidenceGatherer,
        taking: @escaping (String) -> Void
    ) {
        gatherer.renew(claim, under: FederationPolicy(prooftypes: [prooftype]), of: 1, expiring: 900) { renewal in
            switch renewal {
            case .proven(let end): taking("proven until \(end ?? 0)")
            case .undecided: taking("undecided")
            case .refuted: taking("refuted")
            }
        }
    }

    /// Proves one certificate for ten seconds, or whoever is where signed records lead.
    private struct BriefProoftype: Prooftype {
        let name: ProoftypeName = "brief"
        let certificate: [UInt8]?

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            let isRight =
                certificate.map { claim.certificates.first?.sha256 == $0 } ?? (claim.delegation?.isSecure == true)
            return isRight
                ? .proven(Proof(["matched": "it"], expires: claim.moment + 10)) : .inconclusive(reason: "not this one")
        }
    }

    @Test func `PT-06: what is proved once more for one certificate is not for another, nor for longer than it holds`()
        throws
    {
        let resolver = GenerousResolver()
        let gatherer = EvidenceGatherer(resolver: resolver)
        let (own, other) = (try Network.selfSigned("b.example"), try Network.selfSigned("b.example"))
        let prooftype = BriefProoftype(certificate: own.certificate.sha256)
        var renewals: [String] = []
        for (issued, moment) in [(own, 1000), (other, 1000), (own, 1005), (other, 1005), (own, 1010)]
            as [(IssuedCertificate, Int64)]
        {
            Self.renew(try Self.claim(issued, at: moment), by: prooftype, with: gatherer) { renewals.append($0) }
            resolver.run()
        }
        #expect(
            renewals == ["proven until 1010", "undecided", "proven until 1010", "undecided", "proven until 1020"])
    }

    @Test func `PT-06: a server to which the records lead no more has no secure way to it`() throws {
        let resolver = GenerousResolver()
        let claim = try Self.claim(
            Network.selfSigned("b.example"), at: 1000, side: .target,
            delegation: Delegation(to: "gone.example", port: 5269, isSecure: true, detail: "as it was"))
        var renewals: [String] = []
        Self.renew(claim, by: BriefProoftype(certificate: nil), with: EvidenceGatherer(resolver: resolver)) {
            renewals.append($0)
        }
        resolver.run()
        #expect(renewals == ["undecided"])
    }

    /// Wants the TLSA records of very many endpoints.
    private struct GreedyEndpoints: Prooftype {
        let name: ProoftypeName = "greedy"

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            let hosts = (0..<100).map { "host\($0).example" }
            let missing = hosts.filter { evidence.tlsaRecords(host: $0, port: 5269) == nil }
            guard missing.isEmpty else { return .needs(missing.map { .tlsaRecords(host: $0, port: 5269) }) }
            let unknown = hosts.compactMap { evidence.tlsaRecords(host: $0, port: 5269) }.filter {
                $0.content == .unknown
            }
            return .inconclusive(reason: "\(unknown.count): \(unknown.first?.detail ?? "")")
        }
    }

    @Test func `DO-06, DA-07: records that are not asked for any more are unknown, and not absent`() throws {
        let resolver = GenerousResolver()
        var verdicts: [ProofVerdict] = []
        EvidenceGatherer(resolver: resolver).decide(
            try Self.claim(Network.selfSigned("b.example"), at: 1000),
            under: FederationPolicy(prooftypes: [GreedyEndpoints()])
        ) { verdicts = $0.verdicts }
        resolver.run()
        #expect(resolver.questions.count <= LookupBudget.forClaim)
        #expect(verdicts.map(\.reason) == ["92: the claim has cost too many lookups already"])
    }
}

@Suite("keys that are known to all loops")
struct SharedKnownKeysTests {
    @Test func `TP-09: what has changed is told once, and kept until somebody has taken it`() throws {
        let text = "ligase known keys 1\nb.example \(String(repeating: "07", count: 32)) pkix first 1 1\nend 1\n"
        let told = Mutex(0)
        let known = KnownKeys(try KeyMemory(text: text)) { told.withLock { $0 += 1 } }
        #expect(known.takeChanges() == nil)
        let domain = try DomainName("b.example")
        #expect(known.forget(domain).count == 1 && known.forget(domain).isEmpty)
        #expect(told.withLock { $0 } == 1)
        #expect(known.takeChanges()?.count == 0)
        #expect(known.takeChanges() == nil)
        known.putChangesBack()
        #expect(known.takeChanges() != nil)
    }
}
