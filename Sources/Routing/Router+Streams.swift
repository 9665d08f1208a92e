internal import XMPPModel

/// Streams that come, stall and go, and attempts that fail.
extension Router {
    mutating func establish(
        _ pair: DomainPair, on stream: StreamID, at now: Double, _ actions: inout [RoutingAction]
    ) {
        // A domain of ours is never reached through the outside (RT-10).
        guard !hostedDomains.contains(pair.target) else { return }
        let slot = slot(ofRemote: pair.target)
        let route = destinations[slot].pair(of: pair.sender) ?? insertPair(pair, destination: slot)
        // The same names, but the stream's: those of a stanza are not kept beside them.
        destinations[slot].name = pair.target
        pairs[route].pair = pair
        destinations[slot].wait = nil
        pairs[route].wait = nil
        wake(at: now + Self.sweepInterval, &actions)
        guard pairs[route].stream != stream, !pairs[route].standby.contains(stream) else { return }
        streams[stream, default: StreamRoute()].pairs.appendSparingly(route)
        guard pairs[route].stream == nil else {
            // Changing over now could let later stanzas overtake earlier ones (RT-04).
            pairs[route].standby.append(stream)
            return
        }
        connect(route, to: stream, at: now, &actions)
    }

    mutating func offer(
        _ pair: DomainPair, on stream: StreamID, at now: Double, _ actions: inout [RoutingAction]
    ) {
        guard !hostedDomains.contains(pair.target) else { return }
        // Whether it is congested is to be known when it comes into use.
        if streams[stream] == nil { streams[stream] = StreamRoute() }
        guard let slot = destinations.slot(of: pair.target) else { return }
        destinations[slot].wait = nil
        guard destinations[slot].pair(of: pair.sender) != nil else { return }
        establish(pair, on: stream, at: now, &actions)
    }

    private mutating func connect(
        _ route: Int, to stream: StreamID, at now: Double, _ actions: inout [RoutingAction]
    ) {
        pairs[route].state = .connected(stream)
        pairs[route].connectedAt = now
        pairs[route].isHeld = streams[stream]?.isCongested ?? false
        if !pairs[route].isHeld { flush(route, to: stream, &actions) }
    }

    private mutating func flush(_ route: Int, to stream: StreamID, _ actions: inout [RoutingAction]) {
        let stanzas = emptyQueue(of: route)
        if !stanzas.isEmpty { actions.append(.send(stanzas, on: stream)) }
    }

    mutating func hold(_ stream: StreamID) {
        guard streams[stream] != nil else { return }
        streams[stream]?.isCongested = true
        for route in streams[stream]?.pairs ?? [] where pairs[route].stream == stream { pairs[route].isHeld = true }
    }

    mutating func release(_ stream: StreamID, _ actions: inout [RoutingAction]) {
        guard streams[stream]?.isCongested == true else { return }
        streams[stream]?.isCongested = false
        for route in streams[stream]?.pairs ?? [] where pairs[route].stream == stream {
            pairs[route].isHeld = false
            flush(route, to: stream, &actions)
        }
    }

    private mutating func slot(ofRemote name: DomainName) -> Int {
        if let slot = destinations.slot(of: name) { return slot }
        let kind: Destination.Kind = hostedDomains.contains(name) ? .hosted : isAllowed(name) ? .remote : .blocked
        return destinations.insert(Destination(name, kind: kind))
    }

    /// Puts stanzas back to the front, in their order, and holds the stream until its end is told.
    mutating func takeBack(
        _ stanzas: [Stanza], from stream: StreamID, at now: Double, _ actions: inout [RoutingAction]
    ) {
        hold(stream)
        var touched: Set<Int> = []
        for stanza in stanzas.reversed() {
            // Both were valid when the stanza was sent.
            guard let sender = stanza.senderDomain, let target = stanza.recipientDomain else { continue }
            let slot = slot(ofRemote: target)
            let route =
                destinations[slot].pair(of: sender)
                ?? insertPair(DomainPair(sender: sender, target: target), destination: slot)
            // A peer that takes streams and nothing else must not keep a stanza for ever.
            let isNewTrouble = now - pairs[route].connectedAt > timeouts.delivery
            let since = isNewTrouble ? now : pairs[route].troubledSince ?? now
            pairs[route].troubledSince = since
            pairs[route].queue.prepend(stanza, since: since)
            count(1, stanza.byteCount, to: slot)
            touched.insert(route)
        }
        waiting.formUnion(touched)
        for route in touched.sorted() { resume(route, at: now, &actions) }
    }

    /// Finds a way on for what waits: nothing to do while a stream is held or an attempt runs.
    private mutating func resume(_ route: Int, at now: Double, _ actions: inout [RoutingAction]) {
        guard let oldest = pairs[route].queue.oldest else { return }
        let target = pairs[route].pair.target
        switch destinations[pairs[route].destination].kind {
        case .remote: break
        // The settings have changed since the stanzas were sent.
        case .hosted: return actions.append(.hand(emptyQueue(of: route), to: target))
        case .blocked: return returnQueue(of: route, Refusal.blocked(target), &actions)
        }
        if let stream = pairs[route].stream, !pairs[route].isHeld { return flush(route, to: stream, &actions) }
        if pairs[route].isWithoutAttempt {
            guard !isDraining else { return returnQueue(of: route, Refusal.shuttingDown(target), &actions) }
            seek(route, &actions)
        }
        wake(at: max(now, oldest + timeouts.delivery), &actions)
    }

    mutating func end(_ stream: StreamID, at now: Double, _ actions: inout [RoutingAction]) {
        guard let ended = streams.removeValue(forKey: stream) else { return }
        losses.note(at: now)
        for route in ended.pairs { leave(stream, route, lostAt: now, at: now, &actions) }
    }

    /// One pair leaves a stream that others stay on; it is no loss of a connection.
    mutating func withdraw(
        _ pair: DomainPair, from stream: StreamID, at now: Double, _ actions: inout [RoutingAction]
    ) {
        guard let slot = destinations.slot(of: pair.target), let route = destinations[slot].pair(of: pair.sender)
        else { return }
        streams[stream]?.pairs.removeAll { $0 == route }
        leave(stream, route, lostAt: nil, at: now, &actions)
    }

    private mutating func leave(
        _ stream: StreamID, _ route: Int, lostAt: Double?, at now: Double, _ actions: inout [RoutingAction]
    ) {
        pairs[route].standby.removeAll { $0 == stream }
        guard pairs[route].stream == stream else { return }
        if let next = pairs[route].standby.first {
            pairs[route].standby.removeFirst()
            return connect(route, to: next, at: now, &actions)
        }
        pairs[route].state = .idle
        pairs[route].isHeld = false
        pairs[route].lostAt = lostAt
        resume(route, at: now, &actions)
    }

    /// Looks for a stream of the peer's first: it is there at once, whatever has failed or been lost.
    ///
    /// - Parameter onlyBack: Whether nothing else may be tried for now.
    mutating func seek(_ route: Int, onlyBack: Bool = false, _ actions: inout [RoutingAction]) {
        pairs[route].state = .seeking(onlyBack: onlyBack)
        actions.append(.findWayBack(pairs[route].pair))
    }

    mutating func missWayBack(of pair: DomainPair, at now: Double, _ actions: inout [RoutingAction]) {
        // Another stream came meanwhile, or the settings have changed, or we are shutting down.
        guard let slot = destinations.slot(of: pair.target), let route = destinations[slot].pair(of: pair.sender),
            case .seeking(let onlyBack) = pairs[route].state
        else { return }
        pairs[route].state = .idle
        // What waited has become too old.
        guard !pairs[route].queue.isEmpty else { return }
        if onlyBack, let wait = destinations[slot].wait, wait.isActive(at: now) {
            return returnQueue(of: route, Refusal.failed(wait.reason), &actions)
        }
        open(route, at: now, &actions)
    }

    /// Asks for a stream, now or, after a mass loss, later.
    private mutating func open(_ route: Int, at now: Double, _ actions: inout [RoutingAction]) {
        if let later = losses.redial(lostAt: pairs[route].lostAt, now: now, chance: random()) {
            pairs[route].state = .delayed(until: later)
            wake(at: later, &actions)
        } else {
            pairs[route].state = .opening
            actions.append(.open(pairs[route].pair))
        }
    }

    mutating func fail(
        _ pair: DomainPair, _ failure: AttemptFailure, at now: Double, _ actions: inout [RoutingAction]
    ) {
        guard !hostedDomains.contains(pair.target) else { return }
        let slot = slot(ofRemote: pair.target)
        let route = destinations[slot].pair(of: pair.sender) ?? insertPair(pair, destination: slot)
        // Another stream came up meanwhile and carries the pair.
        guard pairs[route].stream == nil else { return }
        wake(at: now + Self.sweepInterval, &actions)
        if failure.kind.concernsDomain {
            destinations[slot].wait = extended(destinations[slot].wait, by: failure, at: now)
        } else {
            pairs[route].wait = extended(pairs[route].wait, by: failure, at: now)
            destinations[slot].hasFailedPairs = true
        }
        pairs[route].state = .idle
        returnQueue(of: route, Refusal.failed(failure), &actions)
    }

    private func extended(_ wait: RetryWait?, by failure: AttemptFailure, at now: Double) -> RetryWait {
        var extended = wait.flatMap { $0.isForgotten(at: now) ? nil : $0 } ?? RetryWait(failure)
        extended.extend(by: failure, at: now, waits: timeouts.retryAfterFailure, chance: random())
        return extended
    }

    mutating func forgetFailures(of domain: DomainName) {
        guard let slot = destinations.slot(of: domain) else { return }
        destinations[slot].wait = nil
        guard destinations[slot].hasFailedPairs else { return }
        destinations[slot].hasFailedPairs = false
        for route in destinations[slot].pairs.all { pairs[route].wait = nil }
    }
}
