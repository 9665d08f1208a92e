import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("A condition besides what proves")
struct ProofConditionTests {
    private static let claim = DomainClaim(
        pair: pair("a.example", "b.example"), side: .sender, certificates: [], moment: 1_767_225_600)
    private static let question = EvidenceRequest.serviceRecords(of: domain("a.example"))
    private static let proof = Proof(["matched": "it"], expires: 1_800_000_000)
    private static let shortProof = Proof(["matched": "TLSA"], expires: 1_767_229_200)

    /// What each of them can say.
    enum Word: String, CaseIterable, Sendable {
        case none, match, mismatch, unknown

        func assessment(mismatch isFinal: Bool) -> Assessment {
            switch self {
            case .none: .inconclusive(reason: "nothing is published")
            case .match: .proven(shortProof)
            case .mismatch: isFinal ? .refuted(reason: "matches none") : .inconclusive(reason: "matches none")
            case .unknown: .unavailable(reason: "bogus")
            }
        }
    }

    private static func decide(
        dane: Assessment, posh: Assessment = .inconclusive(reason: "none"), pkix: Assessment,
        proves: [ProoftypeName] = ["dane", "posh", "pkix"], isRequired: Bool? = false
    ) -> ProofConclusion? {
        let scripted = [
            ScriptedProoftype("dane", always: dane), ScriptedProoftype("posh", always: posh),
            ScriptedProoftype("pkix", always: pkix),
        ]
        let policy = FederationPolicy(
            prooftypes: scripted.filter { proves.contains($0.name) },
            conditions: isRequired.map { [ProofCondition(scripted[0], isRequired: $0)] } ?? [])
        var proofCase = ProofCase(claim, under: policy)
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else { return nil }
        return conclusion
    }

    /// The eighteen rows of PT-02, and who proves in each.
    private static let rows: [(dane: Word, isPKIXGood: Bool, posh: Word, prover: ProoftypeName?)] = [
        (.none, true, .none, "pkix"), (.none, true, .match, "posh"), (.none, true, .mismatch, "pkix"),
        (.none, false, .none, nil), (.none, false, .match, "posh"), (.none, false, .mismatch, nil),
        (.match, true, .none, "dane"), (.match, true, .match, "dane"), (.match, true, .mismatch, "dane"),
        (.match, false, .none, "dane"), (.match, false, .match, "dane"), (.match, false, .mismatch, "dane"),
        (.mismatch, true, .none, nil), (.mismatch, true, .match, nil), (.mismatch, true, .mismatch, nil),
        (.mismatch, false, .none, nil), (.mismatch, false, .match, nil), (.mismatch, false, .mismatch, nil),
    ]

    @Test(arguments: rows)
    func `PT-02: what TLSA, PKIX and POSH say together`(
        dane: Word, isPKIXGood: Bool, posh: Word, prover: ProoftypeName?
    ) throws {
        let pkix: Assessment = isPKIXGood ? .proven(Self.proof) : .inconclusive(reason: "unknown issuer")
        let conclusion = try #require(
            Self.decide(dane: dane.assessment(mismatch: true), posh: posh.assessment(mismatch: false), pkix: pkix))
        #expect(conclusion.domain?.prooftype == prover)
        #expect(conclusion.isRefutation == (dane == .mismatch))
        #expect(conclusion.verdicts.map(\.prooftype) == ["dane", "posh", "pkix"])
    }

    /// What the condition says, with TLSA records wanted, demanded or not looked at, and whether PKIX may prove then.
    private static let conditions: [(word: Word, whenPublished: Bool, required: Bool)] = [
        (.none, true, false), (.match, true, true), (.mismatch, false, false), (.unknown, false, false),
    ]

    @Test(arguments: conditions)
    func `DA-08, DA-21: a condition lets others prove or not, and proves nothing itself`(
        word: Word, whenPublished: Bool, required: Bool
    ) throws {
        let dane = word.assessment(mismatch: true)
        for (isRequired, isProven) in [(false, whenPublished), (true, required)] {
            let both = try #require(
                Self.decide(dane: dane, pkix: .proven(Self.proof), proves: ["pkix"], isRequired: isRequired))
            #expect(both.domain?.prooftype == (isProven ? "pkix" : nil))
            let alone = try #require(
                Self.decide(
                    dane: dane, pkix: .inconclusive(reason: "unknown issuer"), proves: ["pkix"], isRequired: isRequired)
            )
            #expect(alone.domain == nil)
            #expect(alone.verdicts.map(\.prooftype) == ["dane", "pkix"])
            if word == .match { #expect(alone.verdicts.first?.result == .matched) }
        }
    }

    @Test func `DA-21: what is unknown is told from what is false`() throws {
        let unknown = try #require(
            Self.decide(dane: .unavailable(reason: "bogus"), pkix: .proven(Self.proof)))
        #expect(unknown.isUnavailable && !unknown.isRefutation)
        #expect(unknown.verdicts.map(\.result) == [.unavailable, .inconclusive, .proven])
        let refuted = try #require(
            Self.decide(dane: .refuted(reason: "matches none"), pkix: .proven(Self.proof)))
        #expect(refuted.isRefutation && !refuted.isUnavailable)
        let both = try #require(
            Self.decide(
                dane: .refuted(reason: "matches none"), posh: .unavailable(reason: "bogus"), pkix: .proven(Self.proof)))
        #expect(both.isRefutation && !both.isUnavailable)
        let without = try #require(
            Self.decide(dane: .unavailable(reason: "bogus"), pkix: .proven(Self.proof), isRequired: nil))
        #expect(without.domain?.prooftype == "pkix")
    }

    @Test func `DA-08: what is demanded and not there is said to be demanded`() throws {
        let conclusion = try #require(
            Self.decide(
                dane: .inconclusive(reason: "no secure TLSA records"), pkix: .proven(Self.proof), isRequired: true))
        #expect(conclusion.explanation.hasPrefix("dane: required by the policy, but no secure TLSA records"))
    }

    /// Which of two with one name decides: what the condition is made of, though the list has another.
    private static let namesakes: [(condition: Word, listed: Word, isProven: Bool)] = [
        (.mismatch, .match, false), (.mismatch, .none, false), (.match, .mismatch, true), (.none, .match, false),
    ]

    @Test(arguments: namesakes)
    func `DA-08: what the condition is made of decides, should the list hold another of its name`(
        condition: Word, listed: Word, isProven: Bool
    ) throws {
        let policy = FederationPolicy(
            prooftypes: [ScriptedProoftype("dane", always: listed.assessment(mismatch: true))],
            conditions: [
                ProofCondition(
                    ScriptedProoftype("dane", always: condition.assessment(mismatch: true)), isRequired: false)
            ])
        var proofCase = ProofCase(Self.claim, under: policy)
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
            Issue.record("no conclusion")
            return
        }
        #expect((conclusion.domain != nil) == isProven)
    }

    @Test func `PT-06: a proof ends with the condition that it was made under`() throws {
        let conclusion = try #require(
            Self.decide(dane: .proven(Self.shortProof), pkix: .proven(Self.proof), proves: ["pkix"]))
        #expect(conclusion.domain?.proof.expires == Self.shortProof.expires)
    }

    @Test(arguments: [true, false])
    func `DA-08: a condition is always awaited, whatever is proved already`(isListed: Bool) throws {
        let dane = ScriptedProoftype("dane") { claim, evidence in
            evidence.serviceRecords(of: claim.claimedDomain) == nil
                ? .needs([Self.question]) : .refuted(reason: "matches none")
        }
        let pkix = ScriptedProoftype("pkix", always: .proven(Self.proof))
        let policy = FederationPolicy(
            prooftypes: isListed ? [dane, pkix] : [pkix], conditions: [ProofCondition(dane, isRequired: false)])
        var proofCase = ProofCase(Self.claim, under: policy)
        #expect(proofCase.handle(.opened) == [.gather([Self.question])])
        var late = proofCase
        var evidence = Evidence()
        evidence.add(Evidence.ServiceRecords(records: [], isSecure: false), of: domain("a.example"))
        guard case .concluded(let refusal)? = proofCase.handle(.gathered(evidence)).first else {
            Issue.record("no conclusion")
            return
        }
        #expect(refusal.isRefutation)
        // Nor does time decide for the peer.
        guard case .concluded(let timeout)? = late.handle(.timedOut).first else {
            Issue.record("no conclusion")
            return
        }
        #expect(timeout.domain == nil && timeout.isUnavailable)
    }
}
