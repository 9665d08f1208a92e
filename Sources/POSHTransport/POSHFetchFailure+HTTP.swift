internal import HTTPExchange
internal import Prooftypes

extension POSHFetchFailure {
    /// What a failed request means for a retrieval.
    init(_ failure: HTTPFailure) {
        switch failure {
        case .notAuthenticated(let reason): self = .notAuthenticated(reason)
        case .tooLarge(let limit) where limit == POSHDocument.mostOctets: self = .tooLarge
        case .timedOut: self = .timedOut
        case .unreachable(let reason): self = .unreachable(reason)
        case .badRequest, .tlsFailed, .brokenOff, .tooLarge, .cancelled: self = .unreachable("\(failure)")
        }
    }
}
