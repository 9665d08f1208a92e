internal import XMPPModel

/// The way of one domain pair to the outside: its stream, or what is being done to get one, and what waits for it.
struct PairRoute: Sendable {
    /// What the pair has.
    enum State: Sendable {
        /// Neither a stream nor an attempt.
        case idle
        /// A stream that the peer opened is looked for, before one is asked for. Where the domain has to wait after a failure,
        /// there is only this way.
        case seeking(onlyBack: Bool)
        /// A stream has been asked for.
        case opening
        /// A stream will be asked for later, after a mass loss.
        case delayed(until: Double)
        /// A stream carries it.
        case connected(StreamID)
    }

    var pair: DomainPair
    /// The slot of the remote domain.
    let destination: Int
    var state = State.idle
    /// Whether nothing is to be sent on the stream for now.
    var isHeld = false
    /// Further streams that could carry it, oldest first: they take over when the present one ends (RT-04).
    var standby: [StreamID] = []
    var queue = StanzaQueue()
    private var keptWait: KeptApart<RetryWait>?
    /// When it lost its stream.
    var lostAt: Double?
    /// When its present stream came into use.
    var connectedAt = 0.0
    /// When stanzas first came back unsent: those that come back again have waited since then.
    var troubledSince: Double?

    init(_ pair: DomainPair, destination: Int) {
        self.pair = pair
        self.destination = destination
    }

    /// Failures that concern this pair alone: one side could not be proved to the other.
    var wait: RetryWait? {
        get { keptWait?.value }
        set { keptWait = newValue.map { .value($0) } }
    }

    /// The stream in use.
    var stream: StreamID? {
        guard case .connected(let stream) = state else { return nil }
        return stream
    }

    /// Whether a stream would have to be asked for.
    var isWithoutAttempt: Bool {
        guard case .idle = state else { return false }
        return true
    }

    /// Whether nothing would be lost by forgetting it.
    func isIdle(at now: Double) -> Bool {
        guard case .idle = state, queue.isEmpty, standby.isEmpty else { return false }
        if let lostAt, now < lostAt + LossRecord.spread + LossRecord.window { return false }
        return wait?.isForgotten(at: now) ?? true
    }
}
