public import DNSMessages

/// Connects to one host over whichever of its addresses answers first (RFC 8305, DN-09 to DN-11).
///
/// It dials nothing itself. Times are durations since any fixed moment.
public struct HappyEyeballs: Sendable {
    /// The two timers; setting one replaces its former setting.
    public enum Timer: Hashable, Sendable {
        /// How long addresses of IPv4 wait for those of IPv6.
        case resolutionDelay
        /// The time between the beginnings of two attempts.
        case attemptDelay
    }

    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The addresses of a family are known; none when it has none, or the lookup failed.
        case resolved(IPAddress.Family, [IPAddress])
        /// An attempt did not lead to a connection.
        case attemptFailed(IPAddress)
        /// An attempt led to a connection.
        case attemptSucceeded(IPAddress)
        /// A timer ran out.
        case timerFired(Timer)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Begin to connect to an address.
        case attempt(IPAddress)
        /// Set a timer, in place of its former setting.
        case setTimer(Timer, after: Duration)
        /// Give up attempts under way, and close what they hold.
        case cancelAttempts([IPAddress])
        /// There is a connection, or there will be none. Timers no longer matter.
        case finished(Outcome)
    }

    /// How it ended.
    public enum Outcome: Hashable, Sendable {
        /// The connection to this address stands.
        case connected(IPAddress)
        /// No address is left: so many were tried. Zero when the host has none.
        case exhausted(attempts: Int)
    }

    /// The intervals, named as in RFC 8305 §8.
    public struct Intervals: Hashable, Sendable {
        /// How long addresses of IPv4 wait for those of IPv6.
        public var resolutionDelay: Duration
        /// The time between the beginnings of two attempts.
        public var attemptDelay: Duration
        /// The time between attempts even when one fails at once; never below 10 ms.
        public let minimumAttemptDelay = Duration.milliseconds(10)

        /// Makes intervals; the defaults are those of the specification.
        public init(
            resolutionDelay: Duration = .milliseconds(50), attemptDelay: Duration = .milliseconds(250)
        ) {
            self.resolutionDelay = resolutionDelay
            self.attemptDelay = max(attemptDelay, minimumAttemptDelay)
        }
    }

    private enum State: Sendable {
        case resolving
        case attempting
        case finished
    }

    private let intervals: Intervals
    private var state = State.resolving
    private var answered: Set<IPAddress.Family> = []
    private var remaining: [IPAddress] = []
    private var known: Set<IPAddress> = []
    private var underWay: [IPAddress] = []
    private var lastAttempt: (address: IPAddress, time: Duration)?
    private var attempts = 0

    /// Waits for the addresses of both families.
    public init(intervals: Intervals = Intervals()) {
        self.intervals = intervals
    }

    /// Takes note of an event; one that comes late or twice changes nothing.
    public mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        switch (state, event) {
        case (.finished, .attemptSucceeded(let address)):
            // The decision fell while this connection was being made.
            return underWay.contains(address) ? [] : [.cancelAttempts([address])]
        case (.finished, _):
            return []
        case (_, .resolved(let family, let addresses)):
            return resolved(family, addresses, at: now)
        case (.resolving, .timerFired(.resolutionDelay)):
            return remaining.isEmpty ? [] : attemptNext(at: now)
        case (.attempting, .timerFired(.attemptDelay)):
            return attemptNext(at: now)
        case (.resolving, .timerFired), (.attempting, .timerFired):
            return []
        case (_, .attemptFailed(let address)):
            return failed(address, at: now)
        case (_, .attemptSucceeded(let address)):
            return succeeded(address)
        }
    }

    private mutating func resolved(
        _ family: IPAddress.Family, _ addresses: [IPAddress], at now: Duration
    ) -> [Action] {
        guard answered.insert(family).inserted else { return [] }
        let wasWaiting = remaining.isEmpty
        let room = AddressSelection.maximumAddresses - known.count
        for address in addresses.prefix(max(0, room)) where address.family == family {
            if known.insert(address).inserted { remaining.append(address) }
        }
        remaining = interleaved(remaining)
        switch state {
        case .attempting:
            // Late addresses join the list; if it had run dry, its timer is gone too.
            if remaining.isEmpty { return finishIfExhausted() }
            return wasWaiting ? attemptWhenAllowed(after: underWay.isEmpty ? nil : intervals.attemptDelay, at: now) : []
        case .resolving, .finished:
            if answered.count == 2 { return remaining.isEmpty ? finishIfExhausted() : attemptNext(at: now) }
            guard !remaining.isEmpty else { return [] }
            return family == .v6
                ? attemptNext(at: now) : [.setTimer(.resolutionDelay, after: intervals.resolutionDelay)]
        }
    }

    private mutating func failed(_ address: IPAddress, at now: Duration) -> [Action] {
        guard let index = underWay.firstIndex(of: address) else { return [] }
        underWay.remove(at: index)
        guard !remaining.isEmpty else { return finishIfExhausted() }
        // No reason to wait for what has failed already, but never in bursts (RFC 8305 §5).
        return attemptWhenAllowed(after: nil, at: now)
    }

    private mutating func succeeded(_ address: IPAddress) -> [Action] {
        guard underWay.contains(address) else { return [] }
        let others = underWay.filter { $0 != address }
        state = .finished
        underWay = [address]
        return (others.isEmpty ? [] : [.cancelAttempts(others)]) + [.finished(.connected(address))]
    }

    private mutating func attemptWhenAllowed(after delay: Duration?, at now: Duration) -> [Action] {
        guard let lastAttempt else { return attemptNext(at: now) }
        let due = lastAttempt.time + (delay ?? intervals.minimumAttemptDelay)
        return now >= due ? attemptNext(at: now) : [.setTimer(.attemptDelay, after: due - now)]
    }

    private mutating func attemptNext(at now: Duration) -> [Action] {
        guard !remaining.isEmpty else { return [] }
        let address = remaining.removeFirst()
        state = .attempting
        attempts += 1
        underWay.append(address)
        lastAttempt = (address, now)
        guard !remaining.isEmpty else { return [.attempt(address)] }
        return [.attempt(address), .setTimer(.attemptDelay, after: intervals.attemptDelay)]
    }

    private mutating func finishIfExhausted() -> [Action] {
        guard remaining.isEmpty, underWay.isEmpty, answered.count == 2 else { return [] }
        state = .finished
        return [.finished(.exhausted(attempts: attempts))]
    }

    /// In order, and beginning with the family that was not tried last.
    private func interleaved(_ addresses: [IPAddress]) -> [IPAddress] {
        let ordered = AddressSelection.order(addresses)
        guard lastAttempt?.address.family == .v6, ordered.first?.family == .v6,
            let firstOther = ordered.firstIndex(where: { $0.family == .v4 })
        else { return ordered }
        var turned = ordered
        turned.insert(turned.remove(at: firstOther), at: 0)
        return turned
    }
}
