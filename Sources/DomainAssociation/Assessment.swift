/// What a prooftype says of a claim.
public enum Assessment: Hashable, Sendable {
    /// Nothing can be said before these are answered.
    case needs([EvidenceRequest])
    /// The claim is proved.
    case proven(Proof)
    /// This prooftype cannot prove the claim; another one may.
    case inconclusive(reason: String)
    /// What would decide could not be found out, such as records that are bogus: never to be read as "there is none".
    ///
    /// Another prooftype may prove the claim, unless this one is a condition (DA-07, DA-21).
    case unavailable(reason: String)
    /// The claim is false, whatever another prooftype says (RFC 6698 §4.1).
    case refuted(reason: String)
}
