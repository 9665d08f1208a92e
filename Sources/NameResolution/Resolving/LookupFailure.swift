public import DNSMessages

/// Why a lookup came to no answer.
public enum LookupFailure: Error, Hashable, Sendable {
    /// The servers said that they could not or would not answer; the code of the last one.
    case serverAnswered(ResponseCode)
    /// No server answered in time.
    case timedOut
    /// No server could be reached; the last one asked, and the error as the system words it.
    case unreachable(String)
    /// No server that has to prove who it is did so: no answer is better than one from anybody (RFC 8310 §5); the last one
    /// asked, and why not.
    case notAuthenticated(String)
    /// A DNS over HTTPS server answered with another status than success.
    case refusedByHTTP(status: Int)
    /// A DNS over HTTPS server answered with something else than DNS; its media type, nil without one.
    case wrongMediaType(String?)
    /// A server answered with something that is not a response to the question.
    case malformed(DNSMessageFailure)
    /// A server referred us to others instead of answering: it does not offer recursion.
    case lameServer
    /// The aliases loop, or their chain is too long (DN-13).
    case tooManyAliases
    /// The name is longer than DNS carries.
    case notAName(DNSNameError)
    /// Too many lookups wait already (DO-06).
    case overloaded
    /// No name server is configured.
    case noServers
    /// The resolver was shut down meanwhile.
    case cancelled
    /// The signatures do not hold (RFC 4035 §4.3); with the reason.
    case bogus(String)
    /// What is needed to tell whether the answer is genuine could not be had (RFC 4035 §4.3); why.
    case unproven(String)
}

extension LookupFailure: CustomStringConvertible {
    /// The failure in words, for an operator.
    public var description: String {
        switch self {
        case .serverAnswered(let code): "the name server answered \(code)"
        case .timedOut: "no name server answered in time"
        case .unreachable(let error): "no name server could be reached: \(error)"
        case .notAuthenticated(let reason): "no name server proved who it is: \(reason)"
        case .refusedByHTTP(let status): "the name server answered with HTTP status \(status)"
        case .wrongMediaType(let type):
            "the name server answered with \(type ?? "something untyped"), not with DNS"
        case .malformed(let failure): "a name server's response is malformed: \(failure)"
        case .lameServer: "the name server offers no recursion for this name"
        case .tooManyAliases: "the aliases form a loop or too long a chain"
        case .notAName(let error): "not a name that DNS can carry: \(error)"
        case .overloaded: "too many lookups wait already"
        case .noServers: "no name server is configured"
        case .cancelled: "the resolver was shut down"
        case .bogus(let reason): "DNSSEC validation failed: \(reason)"
        case .unproven(let reason): "DNSSEC validation was not possible: \(reason)"
        }
    }
}
