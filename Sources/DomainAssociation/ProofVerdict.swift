/// What one prooftype finally said of a claim; kept for successes and failures alike.
public struct ProofVerdict: Hashable, Sendable, CustomStringConvertible {
    /// How it ended.
    public enum Result: String, Hashable, Sendable {
        case proven, inconclusive, refuted
    }

    /// The prooftype.
    public let prooftype: ProoftypeName
    /// How it ended.
    public let result: Result
    /// Why; for a proof, what matched.
    public let reason: String

    /// For logs: `pkix: certificate expired`.
    public var description: String { "\(prooftype): \(reason)" }
}
