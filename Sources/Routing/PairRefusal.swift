/// Why a stream did not take a further pair that was wanted on it (RFC 7712 §4.4).
public enum PairRefusal: Hashable, Sendable {
    /// By what its peer can do, the stream takes no further pair with the target.
    case notTaken
    /// The stream carries as many pairs as it may (DB-22).
    case full
    /// The peer will not take the pair beside others, and may take it on a stream of its own (PS-05).
    case refusedHere
    /// It would be the same anywhere.
    case failed(AttemptFailure)
    /// The peer ended the stream instead of answering (DB-08).
    case streamEnded
    /// The stream was over for another reason.
    case overtaken
}
