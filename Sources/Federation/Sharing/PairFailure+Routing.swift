internal import Routing
internal import StreamProtocol
internal import XMPPModel

extension PairFailure {
    /// What it means for the stanzas of the pair.
    func attemptFailure(of pair: DomainPair) -> AttemptFailure {
        let kind: AttemptFailure.Kind =
            switch self {
            case .invalidKey: .keyRefused
            case .refused, .timedOut: .pairRefused
            case .hadNoTurn: .hadNoTurn
            case .needsOwnStream, .streamEnded, .overtaken: .unreachable
            }
        // Who was not asked has not refused.
        let outcome = self == .hadNoTurn ? "was not asked to accept" : "did not accept"
        return AttemptFailure(kind, "\(pair.target) \(outcome) \(pair.sender): \(self)")
    }

    /// What it means for where the pair goes next.
    func refusal(of pair: DomainPair, isOwnStream: Bool) -> PairRefusal {
        switch self {
        case .needsOwnStream: isOwnStream ? .notTaken : .full
        case .refused(let error, _) where error.condition == .resourceConstraint: .full
        case .refused where mayUseOwnStream: .refusedHere
        case .streamEnded: .streamEnded
        case .overtaken: .overtaken
        case .refused, .invalidKey, .timedOut, .hadNoTurn: .failed(attemptFailure(of: pair))
        }
    }
}
