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

    /// What every prooftype said.
    public var verdicts: [ProofVerdict] {
        switch self {
        case .proven(let domain): domain.verdicts
        case .refused(_, let verdicts): verdicts
        }
    }

    /// Whether a prooftype knows the claim to be false: an association that was made before ends at once.
    public var isRefutation: Bool {
        guard case .refused(_, let verdicts) = self else { return false }
        return verdicts.contains { $0.result == .refuted }
    }

    /// The change that was refused, where the claim was proved and a key that nothing explains is all that spoke against
    /// it.
    public var refusedKeyChange: KeyChange? {
        guard case .refused(let claim, let verdicts) = self,
            verdicts.contains(where: { $0.prooftype == .continuity && $0.result == .refuted })
        else { return nil }
        return KeyChange(in: claim, under: .refuse, explanation: nil)
    }

    /// Whether it was refused, and what would decide could not be found out: another time it may be.
    public var isUnavailable: Bool {
        guard case .refused(_, let verdicts) = self, !isRefutation else { return false }
        return verdicts.contains { $0.result == .unavailable }
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
