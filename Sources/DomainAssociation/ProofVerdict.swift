/// What one prooftype finally said of a claim; kept for successes and failures alike.
public struct ProofVerdict: Hashable, Sendable, CustomStringConvertible {
    /// How it ended.
    public enum Result: String, Hashable, Sendable {
        /// It proves the claim.
        case proven
        /// It agrees, which the policy asks for; it proves nothing, since the policy does not list it.
        case matched
        /// It can say nothing for or against.
        case inconclusive
        /// What would decide could not be found out.
        case unavailable
        /// The claim is false.
        case refuted
    }

    /// The prooftype.
    public let prooftype: ProoftypeName
    /// How it ended.
    public let result: Result
    /// Why; for a proof, what matched.
    public let reason: String

    /// For logs: `pkix: certificate expired`, `pkix: matched DNS-ID a.example`.
    public var description: String {
        switch result {
        case .proven, .matched: "\(prooftype): matched \(reason)"
        case .inconclusive, .unavailable, .refuted: "\(prooftype): \(reason)"
        }
    }
}
