internal import Diagnostics
internal import DomainAssociation
internal import EventLoops
internal import Logging
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// How pairs come to the streams that they share, on this loop or another.
extension Switchboard {
    /// Gives an event to the decider of sharing and performs what it asks for.
    func arrange(_ event: SharingEvent) {
        var lastFailure: AttemptFailure?
        for action in shares.sharing.handle(event, at: now) {
            switch action {
            case .associate(let pair, let id):
                wish(StreamShares.Wish(pair: pair), on: StreamPlace(id: id, loop: shares.distant[id]?.loop ?? index))
            case .attempt(let pair, let isAlone): attempt(pair, isAlone: isAlone)
            case .fail(let pair, let failure):
                // One attempt may fail for thousands of pairs that waited for it.
                giveUp(pair, failure, level: failure == lastFailure ? .debug : .notice)
                lastFailure = failure
            }
        }
    }

    /// A pair needs a stream. One that the peer opened may carry it already; whether it is still needed where none does, the
    /// router knows.
    func findWayBack(of pair: DomainPair) {
        guard let place = shared.returnPaths.streamBack(pair.reversed) else { return routeHere(.noWayBack(pair)) }
        onLoop(place.loop) { [index] there in
            if there.use(place.id, for: pair) { return }
            there.onLoop(index) { $0.routeHere(.noWayBack(pair)) }
        }
    }

    /// Has a stream of this loop used for a pair that it carries; false when it does not.
    private func use(_ id: StreamID, for pair: DomainPair) -> Bool {
        guard let stream = streams[id], stream.side.isEstablished, !stream.untold.contains(pair),
            let association = stream.side.association(of: pair), !association.isIncoming
        else { return false }
        route(.established(association, on: id))
        return true
    }

    /// A pair gets no stream.
    private func giveUp(_ pair: DomainPair, _ failure: AttemptFailure, level: Logger.Level) {
        shared.observe?(.attemptFailed(pair, failure))
        log.log(
            level: level, "no stream",
            metadata: .facts([
                .local: pair.sender.description, .remote: pair.target.description, .reason: failure.explanation,
            ]))
        route(.attemptFailed(pair, failure))
    }

    // MARK: - Asking

    /// Asks for a pair on a stream, at the end of this turn: a stream that is at work takes no other event in between, and
    /// many pairs go in one go.
    func wish(_ wish: StreamShares.Wish, on place: StreamPlace) {
        if place.loop != index, shares.distant[place.id] == nil {
            shares.distant[place.id] = DistantStream(loop: place.loop)
        }
        if shares.wishes.isEmpty { loop.afterTurn { [weak self] in self?.askForWishes() } }
        shares.wishes[place, default: []].append(wish)
    }

    private func askForWishes() {
        let wishes = shares.wishes
        shares.wishes = [:]
        for (place, wishes) in wishes {
            if place.loop == index {
                ask(for: wishes, on: place.id, from: index)
            } else {
                shared.switchboard(place.loop)?.post { [index] in $0.ask(for: wishes, on: place.id, from: index) }
            }
        }
    }

    /// - Parameter guest: The loop that owns the targets.
    private func ask(for wishes: [StreamShares.Wish], on id: StreamID, from guest: Int) {
        // A stream that has ended, or is about to, has told its guests; who comes later is told now. The server is not to be
        // taken for one that closes for being asked.
        guard streams[id]?.side.isEstablished == true else {
            for wish in wishes { refuse(wish.pair, on: id, .overtaken) }
            return onLoop(guest) { $0.distantStreamEnded(id, after: 0) }
        }
        if guest != index, shares.guests[id]?[guest] == nil { shares.guests[id, default: [:]][guest] = 0 }
        for wish in wishes {
            streams[id]?.associate(wish)
        }
    }

    /// A stream of this loop does not take a pair.
    func refuse(_ pair: DomainPair, on id: StreamID, _ failure: PairFailure) {
        onLoop(shared.owner(of: pair.target)) { $0.declined(pair, on: id, failure) }
    }

    /// A stream does not take a pair whose target this loop owns.
    private func declined(_ pair: DomainPair, on id: StreamID, _ failure: PairFailure) {
        if let attempt = attempts[pair], attempt.hasAsked(id) { return attempt.wasDeclined(failure) }
        // That a peer's own stream carries one direction only says nothing of those that we open.
        let isOwn = streams[id]?.dialledPair != nil || shares.distant[id]?.isOurs == true
        arrange(.declined(pair, on: id, failure.refusal(of: pair, isOwnStream: isOwn)))
    }

    // MARK: - What happens to streams

    /// Tells the loops that have to know what happened to a stream of this one.
    ///
    /// - Returns: What this loop's own router has to know.
    func share(_ event: RoutingEvent) -> RoutingEvent? {
        switch event {
        case .established(let association, let id), .available(let association, let id):
            announceServer(of: id)
            let owner = shared.owner(of: association.remoteDomain)
            guard owner != index else { return event }
            if shares.guests[id]?[owner] == nil { shares.guests[id, default: [:]][owner] = 0 }
            onLoop(owner) { [index] in $0.distantStreamEstablished(event, association, StreamPlace(id: id, loop: index))
            }
            return nil
        case .withdrawn(let pair, let id):
            let owner = shared.owner(of: pair.target)
            guard owner != index else { return event }
            onLoop(owner) { $0.routeHere(.withdrawn(pair, on: id)) }
            return nil
        case .unsent(let stanzas, let id): return shareUnsent(stanzas, id)
        case .ended(let id):
            withdrawServer(of: id)
            for (guest, arrived) in shares.guests.removeValue(forKey: id) ?? [:] {
                onLoop(guest) { $0.distantStreamEnded(id, after: arrived) }
            }
            return event
        case .congested(let id), .drained(let id):
            for guest in (shares.guests[id] ?? [:]).keys { onLoop(guest) { $0.routeHere(event) } }
            return event
        case .noWayBack, .received, .submitted, .attemptFailed, .peerConnected, .undeliverable, .timePassed, .draining:
            return event
        }
    }

    /// Each stanza goes back to the router that it came from.
    private func shareUnsent(_ stanzas: [Stanza], _ id: StreamID) -> RoutingEvent {
        guard shared.loopCount > 1 else { return .unsent(stanzas, on: id) }
        var own: [Stanza] = []
        var others: [Int: [Stanza]] = [:]
        for stanza in stanzas {
            let owner = stanza.recipientDomain.map(shared.owner(of:)) ?? index
            if owner == index { own.append(stanza) } else { others[owner, default: []].append(stanza) }
        }
        for (guest, stanzas) in others { onLoop(guest) { $0.distantStreamReturned(stanzas, id) } }
        return .unsent(own, on: id)
    }

    /// What follows from an event once the router has it.
    func arrangeAfter(_ event: RoutingEvent) {
        switch event {
        case .established(let association, let id), .available(let association, let id):
            if let attempt = attempts[association.pair], attempt.hasAsked(id) { attempt.wasJoined() }
            arrange(.established(association.pair, on: id, takesFurther: association.direction == .outbound))
        case .withdrawn(let pair, let id): arrange(.withdrawn(pair, on: id))
        case .ended(let id):
            for pair in shares.askers[id] ?? [] {
                if let attempt = attempts[pair], attempt.hasAsked(id) { attempt.wasDeclined(.overtaken) }
            }
            arrange(.ended(id))
        case .draining: arrange(.draining)
        case .noWayBack, .received, .submitted, .unsent, .attemptFailed, .peerConnected, .congested, .drained,
            .undeliverable, .timePassed:
            break
        }
    }

    /// Runs it on that loop, which may be this one.
    func onLoop(_ loop: Int, _ body: @escaping @Sendable (Switchboard) -> Void) {
        if loop == index { body(self) } else { shared.switchboard(loop)?.post(body) }
    }

    // MARK: - Servers

    /// Further targets may be supposed on a stream that we opened.
    private func announceServer(of id: StreamID) {
        guard shares.addresses[id] == nil, let stream = streams[id], let target = stream.dialledPair?.target,
            stream.side.takesFurtherTargets, deployment.isPiggybacking(with: target),
            let address = stream.wire.connection.peerAddress
        else { return }
        shares.addresses[id] = address
        shared.servers.add(StreamPlace(id: id, loop: index), at: address)
    }

    private func withdrawServer(of id: StreamID) {
        guard let address = shares.addresses.removeValue(forKey: id) else { return }
        shared.servers.remove(id, at: address)
    }
}
