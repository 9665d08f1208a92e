internal import XMPPModel

/// From a backend to the outside: grouping a batch by recipient, and the queues.
extension Router {
    /// Stanzas of one batch with one recipient domain, in order.
    private struct Group {
        var destination: Int
        var stanzas: [Stanza]
    }

    mutating func submit(
        _ stanzas: [Stanza], from local: DomainName, at now: Double, _ actions: inout [RoutingAction]
    ) {
        guard let first = stanzas.first else { return }
        if let spelling = first.recipientDomainSpelling, isRun(stanzas, to: spelling),
            let slot = knownDestination(spelled: spelling)
        {
            var streams: [StreamID: Int]?
            route(stanzas, to: slot, from: local, at: now, &actions, joining: &streams)
            return
        }
        var streams: [StreamID: Int]? = [:]
        for group in groups(of: stanzas, from: local, at: now, &actions) {
            route(group.stanzas, to: group.destination, from: local, at: now, &actions, joining: &streams)
        }
    }

    private func isRun(_ stanzas: [Stanza], to spelling: ArraySlice<UInt8>) -> Bool {
        for index in stanzas.indices.dropFirst() where stanzas[index].recipientDomainSpelling != spelling {
            return false
        }
        return true
    }

    /// Sorts a batch by recipient, keeping the order for each; returns what has no recipient to its sender.
    private mutating func groups(
        of stanzas: [Stanza], from local: DomainName, at now: Double, _ actions: inout [RoutingAction]
    ) -> [Group] {
        batch += 1
        var groups: [Group] = []
        var previous: ArraySlice<UInt8> = []
        var current = -1
        var refused = Refused()
        for stanza in stanzas {
            guard let spelling = stanza.recipientDomainSpelling else {
                refused.add(stanza, Refusal.malformedRecipient(), remote: local)
                continue
            }
            if current < 0 || spelling != previous {
                guard let slot = destination(spelled: spelling, of: stanza, from: local, at: now, &refused, &actions)
                else {
                    current = -1
                    continue
                }
                if destinations[slot].batch != batch {
                    destinations[slot].batch = batch
                    destinations[slot].bucket = groups.count
                    groups.append(Group(destination: slot, stanzas: []))
                    groups[groups.count - 1].stanzas.reserveCapacity(min(stanzas.count, 16))
                }
                current = destinations[slot].bucket
                previous = spelling
            }
            groups[current].stanzas.append(stanza)
        }
        for group in refused.groups { bounce(group.stanzas, group.error, from: local, remote: group.remote, &actions) }
        return groups
    }

    private func knownDestination(spelled spelling: ArraySlice<UInt8>) -> Int? { destinations.slot(spelled: spelling) }

    /// The destination of a stanza, made when it is seen for the first time; nil when there is none to be had.
    private mutating func destination(
        spelled spelling: ArraySlice<UInt8>, of stanza: Stanza, from local: DomainName, at now: Double,
        _ refused: inout Refused, _ actions: inout [RoutingAction]
    ) -> Int? {
        if let slot = destinations.slot(spelled: spelling) { return slot }
        guard let name = stanza.recipientDomain else {
            refused.add(stanza, Refusal.malformedRecipient(), remote: local)
            return nil
        }
        // Another spelling of a domain that is known.
        if let slot = destinations.slot(of: name) { return slot }
        if hostedDomains.contains(name) { return destinations.insert(Destination(name, kind: .hosted)) }
        guard !hostedDomains.isFormer(name) else {
            refused.add(stanza, Refusal.former(name), remote: name)
            return nil
        }
        // Neither is remembered: a sender could name any number of them.
        guard isAllowed(name) else {
            refused.add(stanza, Refusal.blocked(name), remote: name)
            return nil
        }
        guard limits.remoteDomains <= 0 || destinations.count < limits.remoteDomains + hostedDomains.count else {
            refused.add(stanza, Refusal.tooManyRemotes(), remote: name)
            return nil
        }
        wake(at: now + Self.sweepInterval, &actions)
        return destinations.insert(Destination(name, kind: .remote))
    }

    /// Sends stanzas of one pair on their way.
    ///
    /// - Parameter joining: The places of the actions that send on a stream, where one batch may hold several; nil when
    ///   it holds this one alone.
    private mutating func route(
        _ stanzas: [Stanza], to slot: Int, from local: DomainName, at now: Double, _ actions: inout [RoutingAction],
        joining streams: inout [StreamID: Int]?
    ) {
        let name = destinations[slot].name
        switch destinations[slot].kind {
        case .hosted: actions.append(.hand(stanzas, to: name))
        case .blocked: bounce(stanzas, Refusal.blocked(name), from: local, remote: name, &actions)
        case .remote:
            guard let pair = destinations[slot].pair(of: local), let stream = pairs[pair].stream, !pairs[pair].isHeld
            else { return enqueue(stanzas, to: slot, from: local, at: now, &actions) }
            if let place = streams?[stream], case .send(let earlier, _) = actions[place] {
                actions[place] = .send(earlier + stanzas, on: stream)
            } else {
                streams?[stream] = actions.count
                actions.append(.send(stanzas, on: stream))
            }
        }
    }

    /// Lets stanzas wait, within the limits, and asks for a stream if there is none yet.
    private mutating func enqueue(
        _ stanzas: [Stanza], to slot: Int, from local: DomainName, at now: Double, _ actions: inout [RoutingAction]
    ) {
        let name = destinations[slot].name
        let known = destinations[slot].pair(of: local)
        if known.map({ pairs[$0].isWithoutAttempt }) ?? true {
            if isDraining { return bounce(stanzas, Refusal.shuttingDown(name), from: local, remote: name, &actions) }
            if let wait = known.flatMap({ pairs[$0].wait }), wait.isActive(at: now) {
                return bounce(stanzas, Refusal.failed(wait.reason), from: local, remote: name, &actions)
            }
        }
        let pair = known ?? insertPair(DomainPair(sender: local, target: name), destination: slot)
        var refused = Refused()
        for stanza in stanzas {
            if let refusal = overflow(of: stanza, to: slot) {
                refused.add(stanza, refusal, remote: name)
            } else {
                pairs[pair].queue.append(stanza, since: now)
                count(1, stanza.byteCount, to: slot)
            }
        }
        for group in refused.groups { bounce(group.stanzas, group.error, from: local, remote: name, &actions) }
        guard !pairs[pair].queue.isEmpty else { return }
        waiting.insert(pair)
        wake(at: now + timeouts.delivery, &actions)
        if pairs[pair].isWithoutAttempt {
            seek(pair, onlyBack: destinations[slot].wait?.isActive(at: now) ?? false, &actions)
        }
    }

    /// Why a stanza may not wait, or nil when there is room for it.
    private func overflow(of stanza: Stanza, to slot: Int) -> StanzaError? {
        let destination = destinations[slot]
        func exceeds(_ value: Int, _ limit: Int) -> Bool { limit > 0 && value > limit }
        if exceeds(destination.queuedStanzas + 1, limits.queuedStanzasPerDomain)
            || exceeds(destination.queuedBytes + stanza.byteCount, limits.queuedBytesPerDomain)
        {
            return Refusal.queueFull(
                destination.name, waiting: destination.queuedStanzas, bytes: destination.queuedBytes)
        }
        return exceeds(queuedBytes + stanza.byteCount, limits.queuedBytes) ? Refusal.routerFull() : nil
    }
}
