public import DomainAssociation
public import XMPPModel

/// What happens to a router.
public enum RoutingEvent: Hashable, Sendable {
    /// Stanzas came in over S2S; `from` and `to` have been checked against the association by the stream.
    case received([Stanza], over: Association)
    /// Stanzas of a backend; `from` has been checked to be `domain`, which it serves.
    case submitted([Stanza], from: DomainName)
    /// A stream can carry stanzas of this pair from now on.
    case established(Association, on: StreamID)
    /// A stream that the peer opened can carry stanzas of this pair too (XEP-0288). It is used at once where the pair is known.
    /// Else nothing is remembered of it: who is asked for such streams (``RoutingAction/findWayBack(_:)``) finds this one, and
    /// thousands of pairs that nobody writes to cost nothing here.
    case available(Association, on: StreamID)
    /// No stream that the peer opened carries this pair, as far as is known: the other answer to
    /// ``RoutingAction/findWayBack(_:)``. Nothing comes of it where the pair needs no stream any more.
    case noWayBack(DomainPair)
    /// A stream does not carry this pair any more, while it lives on for others.
    case withdrawn(DomainPair, on: StreamID)
    /// Stanzas that were sent on a stream and did not leave it, in order; comes before ``ended(_:)``. They go to the
    /// front of their pairs' queues and nothing more is sent on the stream.
    case unsent([Stanza], on: StreamID)
    /// A stream ends: nothing more can be sent on it. Streams that never carried a pair may be named too.
    case ended(StreamID)
    /// An attempt to make a stream for this pair has failed on every target.
    case attemptFailed(DomainPair, AttemptFailure)
    /// The peer connected to us and was proved: what failed before may work now.
    case peerConnected(DomainName)
    /// The write buffer of a stream is full; stanzas for it wait.
    case congested(StreamID)
    /// The write buffer of a stream has room again.
    case drained(StreamID)
    /// Stanzas that a backend could not take go back to their senders.
    case undeliverable([Stanza], StanzaError)
    /// The time that was asked for has come.
    case timePassed
    /// No new streams; what waits is returned.
    case draining
}

/// What a router asks to have done. The order is kept.
public enum RoutingAction: Hashable, Sendable {
    /// Give stanzas to the backend of a hosted domain.
    case hand([Stanza], to: DomainName)
    /// Write stanzas to an established stream.
    case send([Stanza], on: StreamID)
    /// Look for a stream that the peer opened and that carries this pair too (XEP-0288), and make none. The answer is
    /// ``RoutingEvent/established(_:on:)`` or ``RoutingEvent/noWayBack(_:)``.
    case findWayBack(DomainPair)
    /// Make a stream for this pair, for which there is no way back. Asked once; the answer is ``RoutingEvent/established(_:on:)`` or
    /// ``RoutingEvent/attemptFailed(_:_:)``. Asked only for remote domains of stanzas that were submitted here.
    case open(DomainPair)
    /// Submit stanzas of a hosted domain to the router that owns their remote recipient, which may be another one:
    /// what a backend could not take goes back to a remote sender this way.
    case submit([Stanza], from: DomainName)
    /// Send ``RoutingEvent/timePassed`` at this time at the latest (seconds on the router's clock).
    case wake(at: Double)
    /// A fact for the log and the metrics.
    case report(RoutingReport)
}

/// A fact that a router reports.
public enum RoutingReport: Hashable, Sendable {
    /// Stanzas were returned to their senders. `remote` is the domain that they were for; the sender's own where `to`
    /// names none.
    case bounced(count: Int, remote: DomainName, StanzaError)
    /// Stanzas that may not be answered (errors, results) had no way on.
    case dropped(count: Int, remote: DomainName, StanzaError)
}

/// Why an attempt to make a stream failed on every target.
public struct AttemptFailure: Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it was; it decides the condition of the bounce (RT-06).
    public enum Kind: Hashable, Sendable {
        /// The domain does not exist or offers no service.
        case notFound
        /// The server that the domain names does not serve it.
        case notServed
        /// The lookup failed: nobody knows whether it exists (DN-08).
        case lookupFailed
        /// No target could be reached, or a negotiation broke.
        case unreachable
        /// The peer could not be proved, or refused us; trying again will not help.
        case unauthenticated
        /// Configuration forbids it.
        case forbidden
        /// The peer does not take stanzas of the pair, or did not say so in time (DB-06, DB-08).
        case pairRefused
        /// The peer could not be asked for the pair in time, since others were before it on the stream (PA-01).
        case hadNoTurn
        /// The peer says that our dialback key is a forgery (DB-07).
        case keyRefused

        /// Whether every pair with the remote domain would fail alike, as opposed to one side's not being proved to the
        /// other.
        public var concernsDomain: Bool {
            switch self {
            case .notFound, .notServed, .lookupFailed, .unreachable: true
            case .unauthenticated, .forbidden, .pairRefused, .hadNoTurn, .keyRefused: false
            }
        }
    }

    /// What kind of failure it was.
    public var kind: Kind
    /// Which domain, address and step, and what to do, for the sender's operator.
    public var explanation: String

    /// Makes a failure.
    public init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }

    /// The explanation.
    public var description: String { explanation }
}
