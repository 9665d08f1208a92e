public import DomainAssociation
public import TransportSecurity
internal import XMPPModel

/// Proof by a certificate that a trusted authority issued for the domain (RFC 6120 §13.7, RFC 7712 §5).
///
/// The proof is the certificate, its material comes from the configured authorities, and it needs no secure DNS; secure
/// SRV records let the certificate name the SRV target as well (RFC 7673 §4.1).
public struct PKIXProoftype: Prooftype {
    /// The name that the configuration and `associations` use.
    public let name: ProoftypeName = "pkix"

    private let trustStore: TrustStore

    /// Makes the prooftype.
    ///
    /// - Parameter trustStore: The authorities, and the revocation lists that are consulted.
    public init(trustStore: TrustStore) {
        self.trustStore = trustStore
    }

    /// Judges chain, dates, usage and names.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        let domain = claim.claimedDomain
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        guard !domain.isAddressLiteral else {
            return .inconclusive(reason: "\(domain) is an IP address, which certificates prove for no XMPP domain here")
        }
        let direction: PeerDirection = claim.side == .sender ? .inbound : .outbound
        switch trustStore.validate(chain: claim.certificates, at: claim.moment, direction: direction) {
        case .untrusted(let fault):
            return .inconclusive(reason: "\(fault)")
        case .trusted(let path):
            if let match = PresentedIdentifiers.match(
                leaf, domain, service: claim.service, unusable: path.unusableNames)
            {
                return .proven(proof(of: leaf, path, match, hasSecureDelegation: false))
            }
            return assessTargets(of: claim, leaf, path, evidence)
        }
    }

    /// A certificate for the SRV target counts only when DNSSEC vouches for the way there (CM-14): for a peer that we
    /// dialled, the target that led to it; for one that came, any.
    private func assessTargets(
        of claim: DomainClaim, _ leaf: PeerCertificate, _ path: ChainVerdict.TrustedPath, _ evidence: Evidence
    ) -> Assessment {
        let domain = claim.claimedDomain
        var targets: [String] = []
        var detail = ""
        var expires: Int64?
        switch claim.side {
        case .target:
            // Without a record that led us here (DN-15) there is none that could name the peer.
            if let delegation = claim.delegation, delegation.isSecure {
                targets = [delegation.host]
                expires = delegation.expires
            }
        case .sender:
            guard let services = evidence.serviceRecords(of: domain) else {
                return .needs([.serviceRecords(of: domain)])
            }
            if services.isSecure { targets = services.records.map(\.target) }
            detail = services.detail
            expires = services.expires
        }
        if let match = PresentedIdentifiers.match(leaf, hosts: targets, unusable: path.unusableNames) {
            var proof = proof(of: leaf, path, match, hasSecureDelegation: true)
            // The provider's name counts for no longer than the domain is known to name the provider.
            proof.expires = [path.expires, expires].compactMap(\.self).min()
            if !detail.isEmpty { proof.findings.append(Proof.Finding(name: "service records", value: detail)) }
            return .proven(proof)
        }
        return .inconclusive(
            reason: "the certificate is not for \(domain); it names \(PresentedIdentifiers.summary(leaf))")
    }

    private func proof(
        of leaf: PeerCertificate, _ path: ChainVerdict.TrustedPath, _ match: PresentedIdentifiers.Match,
        hasSecureDelegation: Bool
    ) -> Proof {
        var proof = Proof(
            [
                "matched": "\(match.kind) \(match.name)", "subject": leaf.subject, "issuer": leaf.issuer,
                "anchor": path.root, "sha256": leaf.sha256Text,
            ], expires: path.expires, hasSecureDelegation: hasSecureDelegation)
        proof.findings += path.staleRevocationLists.map { Proof.Finding(name: "stale revocation list", value: $0) }
        return proof
    }
}
