internal import ArgumentParser
internal import DomainAssociation
internal import XMPPModel

/// How the receiving side comes to believe a sender domain.
enum PairProof: String, CaseIterable, ExpressibleByArgument {
    /// The certificate of the stream is good for every sender domain (RFC 7712 §4.4.1).
    case certificate
    /// Each sender domain's own server is asked about the key, and has a certificate of its own connection.
    case dialback

    var title: String {
        switch self {
        case .certificate: "certificate of the stream"
        case .dialback: "dialback to a proved server"
        }
    }

    /// A prooftype that is asked and believes at once: what proofs cost is measured elsewhere.
    private struct Credulous: Prooftype {
        let name: ProoftypeName = "pkix"

        func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
            guard !claim.certificates.isEmpty else { return .inconclusive(reason: "no certificate") }
            return .proven(
                Proof(
                    [
                        "subject": "CN=\(claim.claimedDomain)", "issuer": "CN=Example Issuing Authority R3, O=Example",
                        "matched": "DNS-ID \(claim.claimedDomain)",
                    ], expires: 1_767_225_600 + 7_776_000))
        }
    }

    /// Under which everybody is judged.
    static let policy = FederationPolicy(level: .authenticated, prooftypes: [Credulous()])

    /// What a server presents: a leaf and an intermediate of ordinary size. Each connection's is a value of its own.
    static func chain() -> [PeerCertificate] {
        [certificate(octets: 1_300), certificate(octets: 1_100)]
    }

    private static func certificate(octets: Int) -> PeerCertificate {
        PeerCertificate(
            der: [UInt8](repeating: UInt8(octets % 251), count: octets), sha256: [UInt8](repeating: 1, count: 32),
            subjectPublicKeyInfo: [UInt8](repeating: 2, count: 91),
            subjectPublicKeyInfoSHA256: [UInt8](repeating: 3, count: 32), subject: "CN=xmpp.hosting.example",
            issuer: "CN=Example Issuing Authority R3, O=Example", serialNumber: "04a1b2c3d4e5f60718293a4b5c6d7e8f90a1",
            subjectAlternativeNames: [.dnsName("xmpp.hosting.example"), .dnsName("*.hosting.example")])
    }

    static func conclude(_ claim: DomainClaim) -> ProofConclusion {
        ProofCase.conclude(claim, under: policy, with: Evidence())
    }
}
