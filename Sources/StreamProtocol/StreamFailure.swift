public import XMPPModel

/// Why a stream that we opened came to nothing.
public enum StreamFailure: Hashable, Sendable {
    /// The peer could not be proved or refused us: another try will end the same way.
    case unauthenticated(reason: String)
    /// The negotiation broke: another endpoint, or another time, may do better.
    case broken(reason: String)
    /// The peer says that the domain is not there (`host-unknown`, `host-gone`).
    case refused(StreamError)
    /// The peer asks us to go elsewhere, over a protected stream (XS-23).
    case redirected(to: String)
    /// The peer closed after it had refused our certificate: a fresh stream without it may be proved by dialback (SE-11).
    case certificateRefused(reason: String)
    /// The peer knows no TLS, which the policy does without: a fresh stream that does not ask for it may be proved by dialback
    /// in clear (PT-05).
    case encryptionRefused(reason: String)
    /// Our domain was not proved by dialback: what became of the first pair, and why in words (DB-07, DB-08).
    case pairFailed(PairFailure, reason: String)
}
