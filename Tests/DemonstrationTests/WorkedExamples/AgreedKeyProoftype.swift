import DomainAssociation
import XMPPModel

/// Proof by a public key on which two operators have agreed, in whatever way they trust.
struct AgreedKeyProoftype: Prooftype {
    let name: ProoftypeName = "agreed-key"
    /// The SHA-256 of the public key (SubjectPublicKeyInfo) of each domain that has one.
    let keys: [DomainName: [UInt8]]

    func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        let domain = claim.claimedDomain
        guard let agreed = keys[domain] else { return .inconclusive(reason: "no key was agreed on for \(domain)") }
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        guard leaf.subjectPublicKeyInfoSHA256 == agreed else {
            // Agreed means no other: a certificate that an authority issued to somebody else must not help.
            return .refuted(reason: "the key of \(leaf.subject) is not the one that was agreed on for \(domain)")
        }
        return .proven(
            Proof(["matched": "agreed key", "subject": leaf.subject, "sha256": leaf.sha256Text], expires: nil))
    }
}
