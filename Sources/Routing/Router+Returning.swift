internal import XMPPModel

/// Stanzas that go back to their senders.
extension Router {
    /// Returns stanzas of a hosted domain. Errors and results are dropped, since no answer to them is allowed (RT-08).
    func bounce(
        _ stanzas: [Stanza], _ error: StanzaError, from local: DomainName, remote: DomainName,
        _ actions: inout [RoutingAction]
    ) {
        let returned = stanzas.compactMap { $0.returned(with: error) }
        if !returned.isEmpty {
            actions.append(.hand(returned, to: local))
            actions.append(.report(.bounced(count: returned.count, remote: remote, error)))
        }
        let dropped = stanzas.count - returned.count
        if dropped > 0 { actions.append(.report(.dropped(count: dropped, remote: remote, error))) }
    }

    /// Returns all that waits for a pair.
    mutating func returnQueue(of route: Int, _ error: StanzaError, _ actions: inout [RoutingAction]) {
        let pair = pairs[route].pair
        bounce(emptyQueue(of: route), error, from: pair.sender, remote: pair.target, &actions)
    }

    /// Returns what a backend could not take, to wherever its sender is.
    func giveBack(_ stanzas: [Stanza], _ error: StanzaError, _ actions: inout [RoutingAction]) {
        var places: [DomainPair: Int] = [:]
        var groups: [(pair: DomainPair, stanzas: [Stanza])] = []
        var current: (stanza: Stanza, place: Int)?
        for stanza in stanzas {
            if let current, current.stanza.hasSameDomains(as: stanza) {
                groups[current.place].stanzas.append(stanza)
                continue
            }
            // Without both addresses there is nobody to tell; streams and backends let no such stanza pass.
            guard let sender = stanza.senderDomain, let recipient = stanza.recipientDomain else { continue }
            let pair = DomainPair(sender: sender, target: recipient)
            let place = places[pair] ?? groups.count
            if place == groups.count {
                places[pair] = place
                groups.append((pair, []))
            }
            groups[place].stanzas.append(stanza)
            current = (stanza, place)
        }
        for (pair, stanzas) in groups {
            if hostedDomains.contains(pair.sender) {
                bounce(stanzas, error, from: pair.sender, remote: pair.target, &actions)
                continue
            }
            let returned = stanzas.compactMap { $0.returned(with: error) }
            if !returned.isEmpty {
                // Only the router that owns the remote domain may ask for a stream to it.
                actions.append(.submit(returned, from: pair.target))
                actions.append(.report(.bounced(count: returned.count, remote: pair.sender, error)))
            }
            let dropped = stanzas.count - returned.count
            if dropped > 0 { actions.append(.report(.dropped(count: dropped, remote: pair.sender, error))) }
        }
    }

    /// No stream is asked for from now on, and nothing waits for one.
    mutating func drain(_ actions: inout [RoutingAction]) {
        isDraining = true
        for route in pairs.slots where pairs[route].stream == nil {
            pairs[route].state = .idle
            returnQueue(of: route, Refusal.shuttingDown(pairs[route].pair.target), &actions)
        }
    }
}
