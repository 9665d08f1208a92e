import DNSMessages
import DNSTransport
import DomainAssociation
import NameResolution
import Prooftypes
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
}
