public import DomainAssociation
public import XMPPModel

extension PeerCertificate {
    /// A certificate for these names that nobody issued; for prooftypes that do not look.
    public static func naming(_ names: [String]) -> PeerCertificate {
        PeerCertificate(
            der: Array(names.joined(separator: ",").utf8), sha256: [UInt8](repeating: 0xAB, count: 32),
            subjectAlternativeNames: names.map { .dnsName($0) })
    }
}

extension ProofConclusion {
    /// What a proof case says that believes everything.
    public static func proven(
        _ pair: DomainPair, _ side: DomainClaim.Side, certificates: [PeerCertificate] = []
    ) -> ProofConclusion {
        conclude(pair, side, .proven(Proof(["matched": "DNS-ID"], expires: nil)), certificates)
    }

    /// What a proof case says that believes nothing.
    public static func refused(_ pair: DomainPair, _ side: DomainClaim.Side) -> ProofConclusion {
        conclude(pair, side, .inconclusive(reason: "nobody vouches for it"))
    }

    private static func conclude(
        _ pair: DomainPair, _ side: DomainClaim.Side, _ assessment: Assessment, _ certificates: [PeerCertificate] = []
    ) -> ProofConclusion {
        let claim = DomainClaim(pair: pair, side: side, certificates: certificates, moment: 1_767_225_600)
        var proofCase = ProofCase(
            claim, under: FederationPolicy(prooftypes: [ScriptedProoftype(always: assessment)]))
        guard case .concluded(let conclusion)? = proofCase.handle(.opened).first else {
            return .refused(claim, [])
        }
        return conclusion
    }

    /// The domain that was proved; nil for a refusal.
    public var domain: ProvenDomain? {
        guard case .proven(let domain) = self else { return nil }
        return domain
    }
}

extension Association {
    /// An association for a test: the peer opened the stream and used EXTERNAL.
    public static func inbound(_ pair: DomainPair) -> Association? {
        ProofConclusion.proven(pair, .sender).domain?.association(by: .external)
    }
}
