/// What came of a ``ValidationTask``.
public struct ValidationVerdict: Hashable, Sendable {
    /// The status, the reason and the chain. Indeterminate when what was needed could not be fetched.
    public let report: ValidationReport
    /// How long it holds at most: signatures expire, and original times to live bound the rest (DS-15). Nil for one that
    /// rests on no signature.
    public let lifetime: Duration?

    /// Makes a verdict.
    public init(report: ValidationReport, lifetime: Duration?) {
        self.report = report
        self.lifetime = lifetime
    }
}
