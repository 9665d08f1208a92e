/// How a proof case ended.
public enum ProofConclusion: Hashable, Sendable {
    /// The peer speaks for the claimed domain.
    case proven(ProvenDomain)
    /// It does not, as far as anybody can tell; the verdicts say why.
    case refused(DomainClaim, [ProofVerdict])

    /// The claim that was judged.
    public var claim: DomainClaim {
        switch self {
        case .proven(let domain): domain.claim
        case .refused(let claim, _): claim
        }
    }

    /// The reasons in one line, for logs and for the text of a bounce.
    public var explanation: String {
        switch self {
        case .proven(let domain): domain.verdicts.map(\.description).joined(separator: "; ")
        case .refused(_, let verdicts):
            verdicts.isEmpty ? "no prooftype is enabled" : verdicts.map(\.description).joined(separator: "; ")
        }
    }
}
