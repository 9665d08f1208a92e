public import XMPPModel

/// What happens to those who want streams.
public enum SharingEvent: Hashable, Sendable {
    /// A pair needs a stream: ``RoutingAction/open(_:)``.
    case wanted(DomainPair)
    /// A stream carries the pair from now on, whoever asked for it. One that the peer opened takes no further pair of ours: of
    /// who dials nobody knows whether he takes dialback there, and Prosody closes (XEP-0288 §2.2 leaves it to us).
    case established(DomainPair, on: StreamID, takesFurther: Bool = true)
    /// A stream that was asked does not take the pair.
    case declined(DomainPair, on: StreamID, PairRefusal)
    /// An attempt has failed on every target.
    case attemptFailed(DomainPair, AttemptFailure)
    /// A stream does not carry the pair any more.
    case withdrawn(DomainPair, on: StreamID)
    /// A stream has ended, or takes nothing more.
    case ended(StreamID)
    /// Nobody wants anything any more.
    case draining
}

/// How streams are to be had. The order is kept.
public enum SharingAction: Hashable, Sendable {
    /// Ask for the pair on a stream that exists. The answer is ``SharingEvent/established(_:on:takesFurther:)``,
    /// ``SharingEvent/declined(_:on:_:)`` or ``SharingEvent/ended(_:)``.
    case associate(DomainPair, on: StreamID)
    /// Attempt to make a stream for the pair; unless it is to be alone, one to the same server serves too. The answer is
    /// ``SharingEvent/established(_:on:takesFurther:)`` or ``SharingEvent/attemptFailed(_:_:)``.
    case attempt(DomainPair, isAlone: Bool)
    /// The pair gets no stream.
    case fail(DomainPair, AttemptFailure)
}

/// Decides how a pair gets its stream: on one that exists, behind an attempt that is under way, or by an attempt of its own
/// (RFC 7712 §4.4.1). So the streams to a remote domain do not grow with our domains that write to it.
///
/// It stands between a router and those who dial, and like the router it knows the remote domains of one loop.
public struct StreamSharing: Sendable {
    /// Streams in a row that may end under a request before the peer is believed to close for being asked.
    static let closuresAllowed = 1
    /// How long that is believed, in seconds.
    static let memory = 3600.0

    private enum Progress: Hashable, Sendable {
        /// Somebody else's attempt is under way.
        case waiting
        /// The stream has been asked.
        case asked(StreamID)
        /// An attempt is made.
        case attempting
    }

    /// What is known of a remote domain.
    private struct Target: Sendable {
        /// The streams that take further pairs, oldest first.
        var streams: [StreamID] = []
        /// The streams that carry it and take no more.
        var full: Set<StreamID> = []
        /// Whose attempt the others wait for.
        var leader: DomainPair?
        var waiting: [DomainPair] = []
        /// Streams in a row that ended under a request.
        var closures = 0
        /// Whether its streams carry one pair each.
        var isUnshareable = false
        /// Until when the last two are remembered without a stream.
        var rememberedUntil = -Double.infinity

        func isForgettable(at now: Double) -> Bool {
            streams.isEmpty && full.isEmpty && leader == nil && waiting.isEmpty && rememberedUntil <= now
        }
    }

    private var isShared: @Sendable (DomainName) -> Bool
    private var targets: [DomainName: Target] = [:]
    private var progress: [DomainPair: Progress] = [:]
    /// What each stream carries that others may join.
    private var carried: [StreamID: Set<DomainName>] = [:]
    private var asked: [StreamID: Set<DomainPair>] = [:]
    /// How many targets there may be before those are looked for that can be forgotten.
    private var sweepCount = 64

    /// Begins with no stream.
    ///
    /// - Parameter isShared: Whether several pairs may be on one stream to a remote domain (`piggybacking`).
    public init(isShared: @escaping @Sendable (DomainName) -> Bool) {
        self.isShared = isShared
    }

    /// Takes a new setting; streams that exist stay as they are.
    public mutating func reconfigure(isShared: @escaping @Sendable (DomainName) -> Bool) { self.isShared = isShared }

    /// How many remote domains something is known of.
    var targetCount: Int { targets.count }

    /// Takes what happened and says what is to be done. Never traps, whatever the order of events.
    ///
    /// - Parameter now: Seconds on a clock that never goes back.
    public mutating func handle(_ event: SharingEvent, at now: Double) -> [SharingAction] {
        var actions: [SharingAction] = []
        switch event {
        case .wanted(let pair): if progress[pair] == nil { place(pair, at: now, &actions) }
        case .established(let pair, let stream, let takesFurther):
            establish(pair, on: stream, takesFurther, at: now, &actions)
        case .declined(let pair, let stream, let refusal): decline(pair, stream, refusal, at: now, &actions)
        case .attemptFailed(let pair, let failure): fail(pair, failure, at: now, &actions)
        case .withdrawn(let pair, let stream): reopen(stream, to: pair.target)
        case .ended(let stream): end(stream, at: now, &actions)
        case .draining: forgetWishes()
        }
        return actions
    }

    // MARK: - Wishes

    private mutating func place(_ pair: DomainPair, at now: Double, _ actions: inout [SharingAction]) {
        let name = pair.target
        if let target = targets[name], target.isUnshareable, target.rememberedUntil <= now {
            targets[name]?.isUnshareable = false
            targets[name]?.closures = 0
        }
        guard isShared(name), targets[name]?.isUnshareable != true else {
            progress[pair] = .attempting
            return actions.append(.attempt(pair, isAlone: true))
        }
        if targets[name] == nil { makeRoom(at: now) }
        if let stream = targets[name]?.streams.first {
            progress[pair] = .asked(stream)
            asked[stream, default: []].insert(pair)
            actions.append(.associate(pair, on: stream))
        } else if targets[name]?.leader != nil {
            progress[pair] = .waiting
            targets[name]?.waiting.append(pair)
        } else {
            progress[pair] = .attempting
            targets[name, default: Target()].leader = pair
            actions.append(.attempt(pair, isAlone: false))
        }
    }

    /// Lets those who wait for somebody else's attempt try for themselves, each in the way that is open by now.
    private mutating func releaseWaiting(
        for name: DomainName, at now: Double, _ actions: inout [SharingAction]
    ) {
        for pair in takeWaiting(for: name) { place(pair, at: now, &actions) }
    }

    private mutating func takeWaiting(for name: DomainName) -> [DomainPair] {
        guard let waiting = targets[name]?.waiting, !waiting.isEmpty else { return [] }
        targets[name]?.waiting = []
        return waiting.filter { pair in
            guard progress[pair] == .waiting else { return false }
            progress[pair] = nil
            return true
        }
    }

    private mutating func forgetWishes() {
        progress = [:]
        asked = [:]
        for name in targets.keys {
            targets[name]?.leader = nil
            targets[name]?.waiting = []
        }
    }

    // MARK: - Streams

    private mutating func establish(
        _ pair: DomainPair, on stream: StreamID, _ takesFurther: Bool, at now: Double,
        _ actions: inout [SharingAction]
    ) {
        let name = pair.target
        let before = progress.removeValue(forKey: pair)
        if case .asked(let other)? = before { forgetRequest(pair, on: other) }
        if targets[name]?.leader == pair { targets[name]?.leader = nil }
        guard isShared(name), targets[name]?.isUnshareable != true else {
            // Some waited for an attempt that is over, since a time when streams were shared.
            releaseWaiting(for: name, at: now, &actions)
            return forget(name, at: now)
        }
        guard takesFurther else {
            // Some may have waited for an attempt that is over by this.
            releaseWaiting(for: name, at: now, &actions)
            return forget(name, at: now)
        }
        if targets[name] == nil { makeRoom(at: now) }
        var target = targets[name] ?? Target()
        if before == .asked(stream) {
            target.closures = 0
            target.rememberedUntil = -.infinity
        }
        if carried[stream, default: []].insert(name).inserted { target.streams.append(stream) }
        targets[name] = target
        releaseWaiting(for: name, at: now, &actions)
    }

    private mutating func decline(
        _ pair: DomainPair, _ stream: StreamID, _ refusal: PairRefusal, at now: Double,
        _ actions: inout [SharingAction]
    ) {
        guard progress[pair] == .asked(stream) else { return }
        guard refusal != .streamEnded else { return close(stream, over: pair.target, at: now, &actions) }
        progress[pair] = nil
        forgetRequest(pair, on: stream)
        switch refusal {
        case .full:
            fill(stream, for: pair.target)
            place(pair, at: now, &actions)
        case .notTaken:
            separate(pair.target, at: now)
            place(pair, at: now, &actions)
            releaseWaiting(for: pair.target, at: now, &actions)
        case .refusedHere:
            progress[pair] = .attempting
            actions.append(.attempt(pair, isAlone: true))
        case .failed(let failure): actions.append(.fail(pair, failure))
        case .overtaken:
            let names = drop(stream)
            place(pair, at: now, &actions)
            for name in names { forget(name, at: now) }
        case .streamEnded: break
        }
    }

    private mutating func fail(
        _ pair: DomainPair, _ failure: AttemptFailure, at now: Double, _ actions: inout [SharingAction]
    ) {
        actions.append(.fail(pair, failure))
        guard progress[pair] == .attempting else { return }
        progress[pair] = nil
        guard targets[pair.target]?.leader == pair else { return }
        targets[pair.target]?.leader = nil
        if failure.kind.concernsDomain {
            for other in takeWaiting(for: pair.target) { actions.append(.fail(other, failure)) }
        } else {
            releaseWaiting(for: pair.target, at: now, &actions)
        }
        forget(pair.target, at: now)
    }

    /// Who has asked it finds another; where the peer ended it over a pair, that was said before.
    private mutating func end(_ stream: StreamID, at now: Double, _ actions: inout [SharingAction]) {
        let names = drop(stream)
        replace(asked[stream] ?? [], on: stream, at: now, &actions)
        for name in names { forget(name, at: now) }
    }

    /// The peer has ended the stream under requests for a domain, which is one closure however many they are.
    private mutating func close(
        _ stream: StreamID, over target: DomainName, at now: Double, _ actions: inout [SharingAction]
    ) {
        let names = drop(stream)
        noteClosure(under: target, at: now)
        replace((asked[stream] ?? []).filter { $0.target == target }, on: stream, at: now, &actions)
        if targets[target]?.isUnshareable == true { releaseWaiting(for: target, at: now, &actions) }
        for name in names { forget(name, at: now) }
    }

    /// Nobody is sent to the stream any more.
    ///
    /// - Returns: The domains that it carried.
    private mutating func drop(_ stream: StreamID) -> Set<DomainName> {
        let names = carried.removeValue(forKey: stream) ?? []
        for name in names {
            targets[name]?.streams.removeAll { $0 == stream }
            targets[name]?.full.remove(stream)
        }
        return names
    }

    private mutating func replace(
        _ pairs: Set<DomainPair>, on stream: StreamID, at now: Double, _ actions: inout [SharingAction]
    ) {
        let pairs = pairs.sorted { $0.description < $1.description }
        for pair in pairs {
            progress[pair] = nil
            forgetRequest(pair, on: stream)
        }
        for pair in pairs { place(pair, at: now, &actions) }
    }

    /// A stream may end by chance while it is being asked. Where it does so again and again, asking ends it, and takes the
    /// pairs along that it carries.
    private mutating func noteClosure(under name: DomainName, at now: Double) {
        var target = targets[name] ?? Target()
        target.closures += 1
        target.rememberedUntil = now + Self.memory
        targets[name] = target
        if target.closures > Self.closuresAllowed { separate(name, at: now) }
    }

    /// From now on every pair with the domain has a stream of its own.
    private mutating func separate(_ name: DomainName, at now: Double) {
        targets[name]?.isUnshareable = true
        targets[name]?.rememberedUntil = now + Self.memory
        targets[name]?.leader = nil
    }

    private mutating func fill(_ stream: StreamID, for name: DomainName) {
        guard targets[name]?.streams.contains(stream) == true else { return }
        targets[name]?.streams.removeAll { $0 == stream }
        targets[name]?.full.insert(stream)
    }

    private mutating func reopen(_ stream: StreamID, to name: DomainName) {
        guard targets[name]?.full.remove(stream) != nil else { return }
        targets[name]?.streams.append(stream)
    }

    // MARK: - Forgetting

    private mutating func forgetRequest(_ pair: DomainPair, on stream: StreamID) {
        asked[stream]?.remove(pair)
        if asked[stream]?.isEmpty == true { asked[stream] = nil }
    }

    private mutating func forget(_ name: DomainName, at now: Double) {
        if targets[name]?.isForgettable(at: now) == true { targets[name] = nil }
    }

    /// What is only remembered goes when there is much of it.
    private mutating func makeRoom(at now: Double) {
        guard targets.count >= sweepCount else { return }
        targets = targets.filter { !$0.value.isForgettable(at: now) }
        sweepCount = max(64, targets.count * 2)
    }
}
