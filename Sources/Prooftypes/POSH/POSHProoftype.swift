public import DomainAssociation
internal import TransportSecurity
internal import XMPPModel

/// Proof by what the domain publishes over HTTPS (RFC 7711, draft-miller-posh-02, RFC 7712 §5.2).
///
/// The proof is the certificate, which has to be one that the domain publishes; neither its chain nor its names count
/// (PO-07). The material is the POSH document, which the domain may have elsewhere; no secure DNS is needed (PT-01).
public struct POSHProoftype: Prooftype {
    /// The name that the configuration and `associations` use.
    public let name: ProoftypeName = "posh"
    /// Yes: the domain publishes its keys.
    public let explainsKeyChanges = true

    private let acceptsSHA1: Bool

    /// Makes the prooftype.
    ///
    /// - Parameter acceptsSHA1: Whether `x5t`, a SHA-1 digest, is enough where a key has nothing better (`posh_sha1`).
    public init(acceptsSHA1: Bool = true) {
        self.acceptsSHA1 = acceptsSHA1
    }

    /// Compares the peer's certificate with what the domain publishes.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        let domain = claim.claimedDomain
        guard let published = evidence.publishedKeys(of: domain, for: claim.service) else {
            return .needs([.publishedKeys(of: domain, for: claim.service)])
        }
        // None of these refutes: POSH that fails leaves the word to other prooftypes (PO-21).
        switch published.content {
        case .none(let reason), .unanswered(let reason): return .inconclusive(reason: "no POSH document: \(reason)")
        case .invalid(let reason): return .inconclusive(reason: "POSH document at \(place(published)): \(reason)")
        case .refused(let reason): return .inconclusive(reason: "POSH document not retrieved: \(reason)")
        case .material(let material): return judge(claim, leaf, material, published)
        }
    }

    private func judge(
        _ claim: DomainClaim, _ leaf: PeerCertificate, _ material: PublishedKeyMaterial, _ published: PublishedKeys
    ) -> Assessment {
        if let expires = published.expires, expires <= claim.moment {
            return .inconclusive(reason: "the POSH document from \(place(published)) has expired")
        }
        guard leaf.isValid(at: claim.moment) else {
            return .inconclusive(reason: "the certificate is not within its validity (POSH demands that too)")
        }
        var comparison = PublishedKeyComparison(with: leaf, acceptsSHA1: acceptsSHA1)
        guard let match = comparison.firstMatch(in: material) else {
            let misses = (comparison.nearMisses + material.remarks).prefix(4)
            let detail = misses.isEmpty ? "" : ": " + misses.joined(separator: "; ")
            return .inconclusive(
                reason: "certificate \(leaf.sha256Text.prefix(16))… is none of those published at "
                    + "\(place(published))\(detail)")
        }
        // What may not be kept proves nothing beyond the moment at which it was asked for (PO-18).
        let end = min(published.expires ?? claim.moment, leaf.notAfter)
        var proof = Proof(
            [
                "matched": "\(match.description) at \(place(published))", "url": place(published),
                "fingerprint": match.fingerprint, "subject": leaf.subject, "sha256": leaf.sha256Text,
            ], expires: end, hasSecureDelegation: true)
        if let expires = published.expires {
            proof.findings.append(Proof.Finding(name: "expires", value: InternetTime.text(expires)))
        }
        if match.isWeak {
            proof.findings.append(Proof.Finding(name: "weak", value: "only a SHA-1 thumbprint names the certificate"))
        }
        if published.urls.count > 1, let first = published.urls.first {
            proof.findings.append(Proof.Finding(name: "delegated by", value: first))
        }
        proof.findings += material.remarks.map { Proof.Finding(name: "remark", value: $0) }
        return .proven(proof)
    }

    private func place(_ published: PublishedKeys) -> String { published.finalURL ?? "an unknown URL" }
}
