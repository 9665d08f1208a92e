/// What denials of existence show about a name without DS records.
enum DelegationFinding: Hashable, Sendable {
    /// A zone begins there, or may begin there, and is unsigned; by which record.
    case insecureDelegation(String)
    /// No zone begins there.
    case noCut(String)
    /// No zone begins there or below: the zone has no such name.
    case nothingBelow(String)
    /// Nothing is shown; what is missing.
    case unproved(String)
}
