internal import XMPPModel

/// The errors with which a router returns stanzas. Their texts are read by the operator of the sender's domain.
enum Refusal {
    static func malformedRecipient() -> StanzaError {
        StanzaError(.jidMalformed, .modify, "the stanza has no valid address in its 'to' attribute")
    }

    static func blocked(_ remote: DomainName) -> StanzaError {
        StanzaError(.notAllowed, .cancel, "communication with \(remote) is not allowed by the policy of this server")
    }

    static func former(_ domain: DomainName) -> StanzaError {
        StanzaError(.gone, .cancel, "\(domain) is no longer served here")
    }

    static func queueFull(_ remote: DomainName, waiting: Int, bytes: Int) -> StanzaError {
        StanzaError(
            .resourceConstraint, .wait,
            "the queue for \(remote) is full: \(waiting) stanzas of \(bytes) bytes wait for a stream")
    }

    static func routerFull() -> StanzaError {
        StanzaError(.resourceConstraint, .wait, "too many stanzas wait for streams to remote servers")
    }

    static func tooManyRemotes() -> StanzaError {
        StanzaError(.resourceConstraint, .wait, "too many remote domains are being contacted at once")
    }

    static func expired(_ remote: DomainName, after seconds: Double) -> StanzaError {
        let whole = Int(min(max(seconds, 0), 1e9))
        return StanzaError(
            .remoteServerTimeout, .wait, "\(remote) could not take the stanza within \(whole) seconds")
    }

    static func shuttingDown(_ remote: DomainName) -> StanzaError {
        StanzaError(
            .remoteServerTimeout, .wait, "this server is shutting down and has no stream to \(remote)")
    }

    static func failed(_ failure: AttemptFailure) -> StanzaError {
        let (condition, kind): (StanzaError.Condition, StanzaError.Kind) =
            switch failure.kind {
            case .notFound, .notServed: (.remoteServerNotFound, .cancel)
            case .lookupFailed: (.remoteServerNotFound, .wait)
            case .unreachable: (.remoteServerTimeout, .wait)
            case .unauthenticated: (.remoteServerTimeout, .cancel)
            case .forbidden: (.notAllowed, .cancel)
            case .pairRefused: (.remoteServerTimeout, .wait)
            case .hadNoTurn: (.resourceConstraint, .wait)
            case .keyRefused: (.internalServerError, .cancel)
            }
        return StanzaError(condition, kind, failure.explanation)
    }
}
