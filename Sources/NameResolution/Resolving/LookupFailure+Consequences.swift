/// What follows from a failure.
extension LookupFailure {
    /// Whether asking again at once would be in vain; what is our own doing passes by itself.
    var isWorthRemembering: Bool {
        switch self {
        case .serverAnswered, .timedOut, .malformed, .lameServer, .tooManyAliases, .bogus, .unproven, .refusedByHTTP,
            .wrongMediaType:
            true
        case .unreachable, .notAuthenticated, .notAName, .overloaded, .noServers, .cancelled:
            false
        }
    }

    /// Whether it says something of the servers, and nothing of the answer.
    var isServersDoing: Bool {
        switch self {
        case .serverAnswered, .timedOut, .malformed, .lameServer, .refusedByHTTP, .wrongMediaType, .unreachable,
            .notAuthenticated:
            true
        case .bogus, .unproven, .tooManyAliases, .notAName, .overloaded, .noServers, .cancelled: false
        }
    }

    /// Whether it is the proof that failed (RFC 7673 §3.2: bogus or indeterminate).
    public var isOfValidation: Bool {
        switch self {
        case .bogus, .unproven: true
        case .serverAnswered, .timedOut, .malformed, .lameServer, .refusedByHTTP, .wrongMediaType, .unreachable,
            .notAuthenticated, .tooManyAliases, .notAName, .overloaded, .noServers, .cancelled:
            false
        }
    }
}
