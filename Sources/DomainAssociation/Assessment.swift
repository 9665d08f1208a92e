/// What a prooftype says of a claim.
public enum Assessment: Hashable, Sendable {
    /// Nothing can be said before these are answered.
    case needs([EvidenceRequest])
    /// The claim is proved.
    case proven(Proof)
    /// This prooftype cannot prove the claim; another one may.
    case inconclusive(reason: String)
    /// The claim is false, whatever another prooftype says (RFC 6698 §4.1).
    case refuted(reason: String)
}
