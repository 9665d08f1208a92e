internal import XMPPModel

/// Age limits, delayed attempts and forgetting; and the books of the queues.
extension Router {
    mutating func passTime(at now: Double, _ actions: inout [RoutingAction]) {
        for route in waiting.sorted() {
            let expired = pairs[route].queue.removeExpired(since: now - timeouts.delivery)
            if !expired.isEmpty {
                count(-expired.count, -expired.reduce(0) { $0 + $1.byteCount }, to: pairs[route].destination)
                let pair = pairs[route].pair
                let error = Refusal.expired(pair.target, after: timeouts.delivery)
                bounce(expired, error, from: pair.sender, remote: pair.target, &actions)
            }
            if pairs[route].queue.isEmpty {
                waiting.remove(route)
                pairs[route].troubledSince = nil
            }
            guard case .delayed(let until) = pairs[route].state else { continue }
            if pairs[route].queue.isEmpty {
                pairs[route].state = .idle
            } else if until <= now {
                // Its place in the spreading is used up: the next attempt is a matter of retrying.
                pairs[route].lostAt = nil
                seek(route, &actions)
            }
        }
        if now >= sweepAt { sweep(at: now) }
        if let next = nextDeadline() { wake(at: max(next, now + Self.granularity), &actions) }
    }

    private func nextDeadline() -> Double? {
        var next = destinations.count > 0 ? sweepAt : nil
        func consider(_ time: Double) { next = min(next ?? time, time) }
        for route in waiting {
            if let oldest = pairs[route].queue.oldest { consider(oldest + timeouts.delivery) }
            if case .delayed(let until) = pairs[route].state { consider(until) }
        }
        return next
    }

    /// Forgets what is idle, so that nothing grows with the number of domains ever met.
    private mutating func sweep(at now: Double) {
        sweepAt = now + Self.sweepInterval
        for route in pairs.slots where pairs[route].isIdle(at: now) {
            let slot = pairs[route].destination
            destinations[slot].pairs[pairs[route].pair.sender] = nil
            pairs.remove(route)
        }
        destinations.removeAll { destination in
            destination.pairs.isEmpty && destination.wait?.isForgotten(at: now) ?? true
        }
    }

    /// Asks to be woken, unless an earlier waking has been asked for already.
    mutating func wake(at time: Double, _ actions: inout [RoutingAction]) {
        if let wakeAt, wakeAt <= time { return }
        wakeAt = time
        actions.append(.wake(at: time))
    }

    // MARK: - Books

    mutating func insertPair(_ pair: DomainPair, destination slot: Int) -> Int {
        let route = pairs.insert(PairRoute(pair, destination: slot))
        destinations[slot].pairs[pair.sender] = route
        return route
    }

    /// Counts stanzas into (or, negative, out of) the queue of a destination.
    mutating func count(_ stanzas: Int, _ bytes: Int, to slot: Int) {
        destinations[slot].queuedStanzas += stanzas
        destinations[slot].queuedBytes += bytes
        queuedStanzas += stanzas
        queuedBytes += bytes
    }

    /// Takes out all that waits for a pair.
    mutating func emptyQueue(of route: Int) -> [Stanza] {
        guard !pairs[route].queue.isEmpty else { return [] }
        count(-pairs[route].queue.count, -pairs[route].queue.byteCount, to: pairs[route].destination)
        waiting.remove(route)
        return pairs[route].queue.removeAll()
    }
}
