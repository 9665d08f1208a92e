internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import XMPPModel

/// Streams of other loops that carry pairs whose remote domains this loop owns, and the other way round.
extension Switchboard {
    // MARK: - As owner of the remote domain

    /// Hands stanzas to the loop that the stream is on; false when it is no distant one.
    func sendDistant(_ stanzas: [Stanza], on id: StreamID) -> Bool {
        guard let stream = shares.distant[id] else { return false }
        shares.distant[id]?.handOver()
        post(stanzas.count, to: stream.loop) { [index] there in there.carry(stanzas, on: id, from: index) }
        return true
    }

    /// - Parameter event: What this loop's router is told.
    func distantStreamEstablished(_ event: RoutingEvent, _ association: Association, _ place: StreamPlace) {
        // What an ending stream still says comes too late.
        if shares.distant[place.id]?.isEnding == true { return }
        if shares.distant[place.id] == nil {
            let isOurs = association.direction == .outbound
            shares.distant[place.id] = DistantStream(loop: place.loop, isOurs: isOurs)
        }
        routeHere(event)
    }

    /// Stanzas that the stream had and could not send.
    func distantStreamReturned(_ stanzas: [Stanza], _ id: StreamID) {
        guard shares.distant[id] != nil else { return routeHere(.unsent(stanzas, on: id)) }
        shares.distant[id]?.takeBack(stanzas)
        routeHere(.congested(id))
    }

    /// A batch that came after the stream's end.
    private func distantBatchReturned(_ stanzas: [Stanza], _ id: StreamID) {
        guard shares.distant[id] != nil else { return routeHere(.unsent(stanzas, on: id)) }
        shares.distant[id]?.takeBackBatch(stanzas)
        concludeDistant(id)
    }

    /// - Parameter arrived: How many batches it had taken from here.
    func distantStreamEnded(_ id: StreamID, after arrived: Int) {
        guard shares.distant[id] != nil else { return routeHere(.ended(id)) }
        shares.distant[id]?.end(after: arrived)
        // Nothing more is handed over, and nothing goes another way before what was handed over is back.
        routeHere(.congested(id))
        concludeDistant(id)
    }

    private func concludeDistant(_ id: StreamID) {
        guard let remains = shares.distant[id]?.remains else { return }
        shares.distant[id] = nil
        if !remains.isEmpty { routeHere(.unsent(remains, on: id)) }
        routeHere(.ended(id))
    }

    // MARK: - As the loop of the stream

    private func carry(_ stanzas: [Stanza], on id: StreamID, from guest: Int) {
        guard let stream = streams[id], let arrived = shares.guests[id]?[guest] else {
            shared.switchboard(guest)?.post { $0.distantBatchReturned(stanzas, id) }
            return
        }
        shares.guests[id]?[guest] = arrived + 1
        // The pair may have been taken off while they were on their way (PT-06).
        guard stream.side.hasRevoked else { return stream.send(stanzas) }
        var (good, bad): ([Stanza], [Stanza]) = ([], [])
        for stanza in stanzas {
            if stream.side.carriesPair(of: stanza) { good.append(stanza) } else { bad.append(stanza) }
        }
        stream.send(good)
        guard !bad.isEmpty else { return }
        shared.switchboard(guest)?.post { [bad] in $0.comeBack(bad, from: id) }
    }

    /// Stanzas that the stream may not carry any more, which is known here by now: they go another way.
    private func comeBack(_ stanzas: [Stanza], from id: StreamID) {
        routeHere(.unsent(stanzas, on: id))
        // It goes on for others, unless it is held until its end.
        if shares.distant[id]?.isEnding != true { routeHere(.drained(id)) }
    }
}
