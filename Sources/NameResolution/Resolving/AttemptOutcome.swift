public import DNSMessages

/// What came of an attempt. Whoever reports it has let go of the attempt already.
public enum AttemptOutcome: Hashable, Sendable {
    /// A response that matches the query in identifier, question and source; anything else is to be ignored in a
    /// datagram, and elsewhere to be reported as a failure (DN-16).
    ///
    /// `isAuthenticated` says whether the server proved by certificate or pin who it is; `age` how long the response lay
    /// in an HTTP cache (the `Age` of RFC 8484 §5.1).
    case answered(DNSResponse, isAuthenticated: Bool, age: Duration = .zero)
    /// Its time passed. Nothing that still arrives for it is to be reported.
    case timedOut
    /// It could not be carried out.
    case failed(QueryFailure)
}
