import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("A proof case")
struct ProofCaseTests {
    private static let claim = DomainClaim(
        pair: pair("a.example", "b.example"), side: .sender, certificates: [], moment: 1_767_225_600)
    private static let question = EvidenceRequest.serviceRecords(of: domain("a.example"))
    private static let proof = Proof(["matched": "DNS-ID a.example"], expires: 1_800_000_000)

    private static func proofCase(
        isAllowed: Bool = true, _ prooftypes: ScriptedProoftype...
    ) -> ProofCase {
        ProofCase(claim, under: FederationPolicy(isAllowed: isAllowed, prooftypes: prooftypes))
    }

    /// Needs one answer, and says then what it is told to say.
    private static func asking(_ name: ProoftypeName, then assessment: Assessment) -> ScriptedProoftype {
        ScriptedProoftype(name) { claim, evidence in
            evidence.serviceRecords(of: claim.claimedDomain) == nil ? .needs([question]) : assessment
        }
    }

    private static func conclusion(_ actions: [ProofCase.Action]) -> ProofConclusion? {
        guard actions.count == 1, case .concluded(let conclusion) = actions[0] else { return nil }
        return conclusion
    }

    private static var answered: Evidence {
        var evidence = Evidence()
        evidence.add(Evidence.ServiceRecords(records: [], isSecure: false), of: domain("a.example"))
        return evidence
    }

    @Test func `PT-01: a prooftype is plugged in, and the proof says what it rests on`() throws {
        var proofCase = Self.proofCase(
            ScriptedProoftype("silent", always: .inconclusive(reason: "nothing to go by")),
            ScriptedProoftype("oracle", always: .proven(Self.proof)))
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        let domain = try #require(conclusion.domain)
        #expect(domain.prooftype == "oracle")
        #expect(domain.proof == Self.proof)
        #expect(domain.level == .authenticated)
        #expect(conclusion.explanation == "silent: nothing to go by; oracle: matched DNS-ID a.example")
        #expect(proofCase.handle(.gathered(Self.answered)) == [])
        #expect(proofCase.handle(.timedOut) == [])
    }

    @Test func `PT-02: a refutation ends the case whatever another prooftype says`() throws {
        var proofCase = Self.proofCase(
            ScriptedProoftype("pkix", always: .proven(Self.proof)),
            ScriptedProoftype("dane", always: .refuted(reason: "matches none of 2 TLSA records")))
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        #expect(conclusion.domain == nil)
        #expect(conclusion.explanation.contains("dane: matches none of 2 TLSA records"))
    }

    @Test func `PT-02: a proof ends the wait for the others, whose verdicts say so`() throws {
        var proofCase = Self.proofCase(
            Self.asking("slow", then: .proven(Self.proof)), ScriptedProoftype("quick", always: .proven(Self.proof)))
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        #expect(conclusion.domain?.prooftype == "quick")
        #expect(conclusion.verdicts.map(\.result) == [.inconclusive, .proven])
        #expect(conclusion.explanation.hasPrefix("slow: not awaited"))
    }

    @Test func `PT-02: the first proof in the policy's order is the one that counts`() throws {
        var proofCase = Self.proofCase(
            ScriptedProoftype("first", always: .proven(Self.proof)),
            ScriptedProoftype("second", always: .proven(Self.proof)))
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        #expect(conclusion.domain?.prooftype == "first")
    }

    @Test func `DO-06: a question is asked once, whoever needs it`() {
        var proofCase = Self.proofCase(
            Self.asking("first", then: .inconclusive(reason: "")), Self.asking("second", then: .proven(Self.proof)))
        #expect(proofCase.handle(.opened) == [.gather([Self.question])])
        #expect(proofCase.handle(.gathered(Evidence())) == [])
        #expect(Self.conclusion(proofCase.handle(.gathered(Self.answered)))?.domain?.prooftype == "second")
    }

    @Test func `SE-02: what is not answered in time proves nothing`() throws {
        var alone = Self.proofCase(Self.asking("slow", then: .proven(Self.proof)))
        _ = alone.handle(.opened)
        let refusal = try #require(Self.conclusion(alone.handle(.timedOut)))
        #expect(refusal.domain == nil)
        #expect(refusal.explanation == "slow: its lookups were not answered in time")
    }

    @Test func `RT-14: a blocked domain is refused without a question`() throws {
        var proofCase = Self.proofCase(isAllowed: false, Self.asking("oracle", then: .proven(Self.proof)))
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        #expect(conclusion.domain == nil)
        #expect(conclusion.explanation == "policy: the domain is blocked by configuration")
    }

    @Test func `PT-05: without a prooftype nothing is proved`() throws {
        var proofCase = Self.proofCase()
        let conclusion = try #require(Self.conclusion(proofCase.handle(.opened)))
        #expect(conclusion == .refused(Self.claim, []))
        #expect(conclusion.explanation == "no prooftype is enabled")
    }

    @Test func `PT-05: levels are ordered by strength`() {
        #expect(FederationPolicy.Level.allCases.sorted() == [.verified, .encrypted, .authenticated])
        #expect(FederationPolicy(prooftypes: []).level == .authenticated)
    }
}
