import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Several conditions, and TLS that is demanded")
struct ConditionsTests {
    private static let claim = DomainClaim(
        pair: pair("a.example", "b.example"), side: .sender, certificates: [], moment: 100)
    private static let proof = Proof(["matched": "it"], expires: 900)

    private static func condition(
        _ name: ProoftypeName, _ assessment: Assessment, isRequired: Bool = true
    ) -> ProofCondition {
        ProofCondition(ScriptedProoftype(name, always: assessment), isRequired: isRequired)
    }

    @Test func `PT-02: each condition has to hold, and the proof ends with the first that does`() throws {
        let words: [(Assessment, Bool)] = [
            (.proven(Proof(["matched": "x"], expires: 500)), true), (.inconclusive(reason: "no"), false),
            (.unavailable(reason: "unknown"), false), (.refuted(reason: "false"), false),
        ]
        for (first, isFirstMet) in words {
            for (second, isSecondMet) in words {
                let policy = FederationPolicy(
                    prooftypes: [ScriptedProoftype("pkix", always: .proven(Self.proof))],
                    conditions: [Self.condition("dane", first), Self.condition("pin", second)])
                var proofCase = ProofCase(Self.claim, under: policy)
                guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
                    Issue.record("no conclusion")
                    return
                }
                #expect((conclusion.domain != nil) == (isFirstMet && isSecondMet))
                #expect(conclusion.verdicts.map(\.prooftype) == ["dane", "pin", "pkix"])
                if let domain = conclusion.domain { #expect(domain.proof.expires == 500) }
            }
        }
    }

    @Test func `PT-02: a condition that cannot be met any more ends the wait for another`() throws {
        let question = EvidenceRequest.serviceRecords(of: domain("a.example"))
        let policy = FederationPolicy(
            prooftypes: [ScriptedProoftype("pkix", always: .proven(Self.proof))],
            conditions: [
                Self.condition("dane", .needs([question]), isRequired: false),
                Self.condition("pin", .inconclusive(reason: "another key")),
            ])
        var proofCase = ProofCase(Self.claim, under: policy)
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
            Issue.record("no conclusion")
            return
        }
        #expect(conclusion.explanation.contains("pin: required by the policy, but another key"))
    }

    private static let records = TLSAAnswer.Content.records([
        TLSARecord(usage: 9, selector: 9, matching: 9, data: [9])
    ])

    @Test(arguments: FederationPolicy.Level.allCases)
    func `DA-08, DA-09, PT-05: TLS is demanded by the level, and of whoever publishes keys, usable or not`(
        level: FederationPolicy.Level
    ) {
        let policy = FederationPolicy(level: level, prooftypes: [])
        let isDemanded = level != .verified
        #expect(policy.demandsTLS(of: nil) == isDemanded)
        for (content, demands) in [
            (nil, false), (.absent, false), (.unknown, false), (Self.records, true),
        ] as [(TLSAAnswer.Content?, Bool)] {
            let delegation = Delegation(
                to: "host.example", isSecure: true, detail: "secure",
                tlsa: content.map { TLSAAnswer($0, base: "host.example", port: 5269) })
            #expect(policy.demandsTLS(of: delegation) == (isDemanded || demands))
        }
    }
}
