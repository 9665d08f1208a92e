/// What denials of existence show about a claim.
enum DenialFinding: Hashable, Sendable {
    /// The claim is proven; by which record.
    case proved(String)
    /// The zone leaves the claim open, by opt-out or by too many iterations: it counts as unsigned there.
    case unprotected(String)
    /// The claim is not proven; what is missing.
    case unproved(String)
}
