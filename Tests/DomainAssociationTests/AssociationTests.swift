import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("An association")
struct AssociationTests {
    private struct NoConclusion: Error {}

    private static func conclude(_ side: DomainClaim.Side) -> ProofConclusion? {
        let claim = DomainClaim(
            pair: pair("a.example", "b.example"), side: side, certificates: [.naming(["x"])], moment: 1000)
        let proof = Proof(["matched": "x", "issuer": "y"], expires: 2000, hasSecureDelegation: true)
        var proofCase = ProofCase(
            claim, under: FederationPolicy(prooftypes: [ScriptedProoftype(always: .proven(proof))]))
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else { return nil }
        return conclusion
    }

    @Test func `CM-01, PT-04: the claimed domain is the side's, and never read from a certificate`() throws {
        #expect(try #require(Self.conclude(.sender)).claim.claimedDomain == domain("a.example"))
        #expect(try #require(Self.conclude(.target)).claim.claimedDomain == domain("b.example"))
    }

    @Test func `TP-09, CM-10: it carries all that an operator asks for`() throws {
        let association = try #require(Self.conclude(.sender)?.domain).association(by: .external)
        #expect(association.direction == .inbound)
        #expect(association.remoteDomain == domain("a.example"))
        #expect(association.localDomain == domain("b.example"))
        #expect(association.mechanism == .external)
        #expect(association.prooftype == "scripted")
        #expect(association.level == .authenticated)
        #expect(association.proof.findings == [.init(name: "matched", value: "x"), .init(name: "issuer", value: "y")])
        #expect(association.proof.hasSecureDelegation)
        #expect(association.verdicts.map(\.result) == [.proven])
        #expect(association.certificateSHA256?.count == 32)
        #expect(association.since == 1000)
        #expect(association.expires == 2000)
    }

    @Test func `OW-04: a stream that we opened proves the other side`() throws {
        let association = try #require(Self.conclude(.target)?.domain).association(by: .serverIdentity)
        #expect(association.direction == .outbound)
        #expect(association.remoteDomain == domain("b.example"))
        #expect(association.localDomain == domain("a.example"))
    }

    @Test(arguments: [true, false], [true, false])
    func `PT-03, TP-09: the way to the server stands in the evidence, whatever proves`(
        isSecureWay: Bool, isSecureProof: Bool
    ) throws {
        let claim = DomainClaim(
            pair: pair("a.example", "b.example"), side: .target, certificates: [.naming(["x"])], moment: 1000,
            delegation: Delegation(to: "host.example", isSecure: isSecureWay, detail: "as DNS says"))
        let proof = Proof(["matched": "x"], expires: 2000, hasSecureDelegation: isSecureProof)
        var proofCase = ProofCase(
            claim, under: FederationPolicy(prooftypes: [ScriptedProoftype(always: .proven(proof))]))
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
            Issue.record("no conclusion")
            return
        }
        let association = try #require(conclusion.domain).association(by: .serverIdentity)
        #expect(association.proof.hasSecureDelegation == (isSecureWay || isSecureProof))
        #expect(association.proof.findings.last == .init(name: "delegation", value: "as DNS says"))
    }

    @Test(arguments: [
        (sender: "c.example", matched: "x", moment: Int64(1000)), ("c.example", "other", 1000),
        ("c.example", "x", 1001),
    ])
    func `PA-01, TP-09: what it shares with another one on the stream changes nothing of what it says`(
        sender: String, matched: String, moment: Int64
    ) throws {
        func named(_ sender: String) throws -> DomainPair {
            DomainPair(sender: try DomainName(sender), target: domain("b.example"))
        }
        func association(_ sender: String, _ matched: String, _ moment: Int64) throws -> Association {
            let claim = DomainClaim(
                pair: try named(sender), side: .sender, certificates: [.naming(["x"])], moment: moment)
            let proof = Proof(["matched": matched, "issuer": "y"], expires: 2000)
            var proofCase = ProofCase(
                claim, under: FederationPolicy(prooftypes: [ScriptedProoftype(always: .proven(proof))]))
            guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else { throw NoConclusion() }
            return try #require(conclusion.domain).association(by: .assertion)
        }
        let known = try association("a.example", "x", 1000)
        let further = try association(sender, matched, moment)
        let shared = further.sharing(known)
        #expect(shared == further)
        #expect(try shared.pair == named(sender))
        #expect(shared.proof == further.proof)
        #expect(shared.verdicts == further.verdicts)
        #expect(shared.since == moment)
        #expect(shared != known)
    }
}
