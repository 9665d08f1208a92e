internal import DomainAssociation
public import XMPPModel

/// Decides where each stanza goes: to a hosted domain, onto a stream, into a queue, or back to its sender.
///
/// One router belongs to each event loop. Every remote domain is owned by one of them, which alone is given the stanzas
/// for it (``RoutingEvent/submitted(_:from:)``), its streams and its failures, and which alone asks for streams to it.
/// What comes in (``RoutingEvent/received(_:over:)``) is routed by the router of the loop that its stream is on.
///
/// Failures are remembered by scope. That a domain does not exist or cannot be reached holds for every pair with it; that
/// one side could not be proved to the other holds for that pair alone, so that the certificate of one hosted domain
/// holds back no other.
public struct Router: Sendable {
    /// How often what is idle is forgotten, in seconds.
    static let sweepInterval = 60.0
    /// The least time between two looks at the queues, in seconds: many stanzas expire together.
    static let granularity = 0.25

    /// What a stream carries.
    struct StreamRoute: Sendable {
        var pairs: [Int] = []
        var isCongested = false
    }

    var limits: RoutingLimits
    var timeouts: RoutingTimeouts
    var hostedDomains: HostedDomains
    var isAllowed: @Sendable (DomainName) -> Bool
    let random: @Sendable () -> Double

    var destinations = DestinationTable()
    var pairs = PairTable()
    var streams: [StreamID: StreamRoute] = [:]
    /// The slots of pairs for which something waits.
    var waiting: Set<Int> = []
    /// How many stanzas wait for all remote domains.
    public internal(set) var queuedStanzas = 0
    /// Their octets.
    public internal(set) var queuedBytes = 0
    var losses = LossRecord()
    /// Whether no stream is asked for any more.
    public internal(set) var isDraining = false
    var batch: UInt64 = 0
    var wakeAt: Double?
    var sweepAt = 0.0

    /// Makes a router.
    ///
    /// - Parameters:
    ///   - isAllowed: Whether the policy allows stanzas for a remote domain (RT-14). Asked when a domain is first seen
    ///     and again after ``reconfigure(limits:timeouts:hostedDomains:isAllowed:at:)``, not for each stanza.
    ///   - random: The source of chance: from 0 to below 1.
    public init(
        limits: RoutingLimits = RoutingLimits(), timeouts: RoutingTimeouts = RoutingTimeouts(),
        hostedDomains: HostedDomains, isAllowed: @escaping @Sendable (DomainName) -> Bool = { _ in true },
        random: @escaping @Sendable () -> Double
    ) {
        self.limits = limits
        self.timeouts = timeouts
        self.hostedDomains = hostedDomains
        self.isAllowed = isAllowed
        self.random = random
    }

    /// Takes what happened and says what is to be done. Never traps, whatever the order of events.
    ///
    /// - Parameter now: Seconds on a clock that never goes back; the same clock for every call.
    public mutating func handle(_ event: RoutingEvent, at now: Double) -> [RoutingAction] {
        var actions: [RoutingAction] = []
        switch event {
        case .received(let stanzas, let association):
            guard !stanzas.isEmpty else { return [] }
            return [.hand(stanzas, to: association.localDomain)]
        case .submitted(let stanzas, let domain): submit(stanzas, from: domain, at: now, &actions)
        case .established(let association, let stream):
            let pair = DomainPair(sender: association.localDomain, target: association.remoteDomain)
            establish(pair, on: stream, at: now, &actions)
        case .available(let association, let stream):
            let pair = DomainPair(sender: association.localDomain, target: association.remoteDomain)
            offer(pair, on: stream, at: now, &actions)
        case .noWayBack(let pair): missWayBack(of: pair, at: now, &actions)
        case .withdrawn(let pair, let stream): withdraw(pair, from: stream, at: now, &actions)
        case .unsent(let stanzas, let stream): takeBack(stanzas, from: stream, at: now, &actions)
        case .ended(let stream): end(stream, at: now, &actions)
        case .attemptFailed(let pair, let failure): fail(pair, failure, at: now, &actions)
        case .peerConnected(let domain): forgetFailures(of: domain)
        case .congested(let stream): hold(stream)
        case .drained(let stream): release(stream, &actions)
        case .undeliverable(let stanzas, let error): giveBack(stanzas, error, &actions)
        case .timePassed:
            wakeAt = nil
            passTime(at: now, &actions)
        case .draining: drain(&actions)
        }
        return actions
    }

    /// Takes new settings: what waits for a domain that is hosted from now on is handed there, what waits for one that
    /// is no longer allowed is returned. Streams of such domains are not ended here.
    public mutating func reconfigure(
        limits: RoutingLimits, timeouts: RoutingTimeouts, hostedDomains: HostedDomains,
        isAllowed: @escaping @Sendable (DomainName) -> Bool, at now: Double
    ) -> [RoutingAction] {
        self.limits = limits
        self.timeouts = timeouts
        self.hostedDomains = hostedDomains
        self.isAllowed = isAllowed
        var actions: [RoutingAction] = []
        for slot in destinations.slots {
            let name = destinations[slot].name
            destinations[slot].kind =
                hostedDomains.contains(name) ? .hosted : isAllowed(name) ? .remote : .blocked
            guard destinations[slot].kind != .remote else { continue }
            for pair in destinations[slot].pairs.all.sorted() {
                let local = pairs[pair].pair.sender
                let stanzas = emptyQueue(of: pair)
                if pairs[pair].stream == nil { pairs[pair].state = .idle }
                if destinations[slot].kind == .hosted {
                    if !stanzas.isEmpty { actions.append(.hand(stanzas, to: name)) }
                } else {
                    bounce(stanzas, Refusal.blocked(name), from: local, remote: name, &actions)
                }
            }
        }
        wake(at: now + Self.sweepInterval, &actions)
        return actions
    }

    /// What waits at this moment.
    public func snapshot(at now: Double) -> RoutingSnapshot {
        var remotes: [RoutingSnapshot.Remote] = []
        for slot in destinations.slots {
            let destination = destinations[slot]
            let routes = destination.pairs.all.map { pairs[$0] }
            let waits = (routes.map(\.wait) + [destination.wait]).compactMap(\.self)
            guard destination.queuedStanzas > 0 || !waits.isEmpty else { continue }
            let longest = waits.max { $0.until < $1.until }
            let remaining = longest.map { $0.until - now } ?? 0
            remotes.append(
                RoutingSnapshot.Remote(
                    domain: destination.name, queuedStanzas: destination.queuedStanzas,
                    queuedBytes: destination.queuedBytes, connectedPairs: routes.count { $0.stream != nil },
                    failures: longest?.failures ?? 0, retryAfter: remaining > 0 ? remaining : nil,
                    lastFailure: longest?.reason.explanation))
        }
        return RoutingSnapshot(queuedStanzas: queuedStanzas, queuedBytes: queuedBytes, remotes: remotes)
    }
}
