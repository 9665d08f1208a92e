import DomainAssociation
import TransportSecurity
import XMPPModel

/// Proof by a public key that the operator has been told, in whatever way they trust, and wrote into a file.
///
/// The proof is the key in the peer's certificate, which has to be one of those in the file; neither names, dates nor
/// issuer count. The material is the file, and no DNS is needed.
struct PinFileProoftype: Prooftype {
    let name: ProoftypeName = "pin-file"
    /// Where the pins come from, for the operator.
    let file: String
    /// The SHA-256 of each public key (SubjectPublicKeyInfo) that a domain may have.
    let pins: [DomainName: Set<[UInt8]>]

    func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        let domain = claim.claimedDomain
        guard let expected = pins[domain] else { return .inconclusive(reason: "\(file) has no pin for \(domain)") }
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        let pin = Base64.encode(leaf.subjectPublicKeyInfoSHA256)
        guard expected.contains(leaf.subjectPublicKeyInfoSHA256) else {
            // A pin means no other key: a certificate that an authority issued to somebody else must not help.
            return .refuted(reason: "key \(pin) is none of those that \(file) has for \(domain)")
        }
        return .proven(
            Proof(
                ["matched": "pin of \(domain)", "pin": pin, "file": file, "subject": leaf.subject], expires: nil))
    }
}
