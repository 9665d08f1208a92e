import DomainAssociation
import Testing
import XMPPModel

@Suite("The worked example of a prooftype")
struct AgreedKeyProoftypeTests {
    @Test(
        arguments: [
            ([7, 7], "a.example", ProofVerdict.Result.proven),
            ([6, 6], "a.example", .refuted),
            (nil, "a.example", .inconclusive),
            ([7, 7], "other.example", .inconclusive),
        ] as [([UInt8]?, String, ProofVerdict.Result)])
    func `the agreed key alone proves`(key: [UInt8]?, sender: String, result: ProofVerdict.Result) throws {
        let certificates = key.map { PeerCertificate(der: [], sha256: [1], subjectPublicKeyInfoSHA256: $0) }
        let claim = DomainClaim(
            pair: DomainPair(sender: try DomainName(sender), target: try DomainName("b.example")), side: .sender,
            certificates: certificates.map { [$0] } ?? [], moment: 0)
        let prooftype = AgreedKeyProoftype(keys: [try DomainName("a.example"): [7, 7]])
        var proofCase = ProofCase(claim, under: FederationPolicy(prooftypes: [prooftype]))

        let actions = proofCase.handle(.opened)
        guard actions.count == 1, case .concluded(let conclusion) = actions[0] else {
            Issue.record("\(actions)")
            return
        }
        switch conclusion {
        case .proven(let proven): #expect(result == .proven && proven.prooftype == "agreed-key")
        case .refused(_, let verdicts): #expect(verdicts.map(\.result) == [result])
        }
    }
}
