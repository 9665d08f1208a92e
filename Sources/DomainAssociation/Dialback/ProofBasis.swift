public import XMPPModel

/// Whose certificate a proof was made on.
///
/// It is what has to be proved again while the association lives: of a peer that was proved by dialback, the certificate
/// of the server that we dialled counts, and the peer's own may have proved nothing.
public enum ProofBasis: Hashable, Sendable {
    /// The peer's own.
    case peer
    /// That of the authoritative server, which was proved by this claim.
    indirect case authoritativeServer(DomainClaim)
    /// Nobody's: no certificate proved anything.
    case nobody

    /// The certificate that the proof was made on; nil where there was none.
    ///
    /// - Parameter claim: The peer's claim.
    public func certificate(of claim: DomainClaim) -> PeerCertificate? {
        switch self {
        case .peer: claim.certificates.first
        case .authoritativeServer(let claim): claim.certificates.first
        case .nobody: nil
        }
    }
}
