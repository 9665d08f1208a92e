/// Why there is no response.
public enum HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request cannot be made as it stands; with what is wrong.
    case badRequest(String)
    /// No address accepted a connection; with the reason.
    case unreachable(String)
    /// TLS did not come up; with the reason.
    case tlsFailed(String)
    /// The server did not prove who it is, so that nothing was asked; with the reason.
    case notAuthenticated(String)
    /// The connection broke before the response was complete, or the response is not HTTP; with the reason.
    case brokenOff(String)
    /// The content, or the header, is larger than the limit, in octets.
    case tooLarge(limit: Int)
    /// The time limit passed.
    case timedOut
    /// The client was shut down meanwhile.
    case cancelled

    /// The failure in words, for logs.
    public var description: String {
        switch self {
        case .badRequest(let reason): "the request cannot be made: \(reason)"
        case .unreachable(let reason): "the server cannot be reached: \(reason)"
        case .tlsFailed(let reason): "TLS failed: \(reason)"
        case .notAuthenticated(let reason): "the server did not prove who it is: \(reason)"
        case .brokenOff(let reason): "the exchange broke off: \(reason)"
        case .tooLarge(let limit): "the response has more than \(limit) octets"
        case .timedOut: "the time limit passed"
        case .cancelled: "the request was cancelled"
        }
    }
}
