internal import Configuration
internal import DNSMessages
internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// A stream that leads to the same server serves as well as one of its own (RFC 7712 §4.4.2, PS-01).
extension OutboundAttempt {
    /// A stream that was asked in place of dialling.
    struct Joining {
        var id: StreamID
        var address: SocketAddress
        /// Dials after all.
        var dial: () -> Void
    }

    /// Asks a stream to one of the addresses, if there is one, or waits for the one that is being made; then nothing is dialled
    /// until that has come out.
    func join(
        _ addresses: [IPAddress], port: UInt16, _ delegation: Delegation?, otherwise dial: @escaping () -> Void
    ) -> Bool {
        guard mayJoin, joining == nil, waiting == nil else { return false }
        let places = addresses.compactMap { SocketAddress(octets: $0.octets, port: port) }
        guard let found = servers.stream(toOneOf: places, at: switchboard.now) else {
            guard mayWait, servers.wait(forOneOf: places, own, at: switchboard.now) else { return false }
            // Whoever dials may be kept busy: waiting must not take the time in which a dial of our own would succeed.
            mayWait = false
            let limit = switchboard.deployment.configuration.timeouts.connect
            waiting = switchboard.loop.schedule(after: limit) { [weak self] in self?.waitingIsOver() }
            resume = dial
            releaseClaims()
            return true
        }
        releaseClaims()
        guard purpose == .stanzas else {
            end(.found(found.place, delegation))
            return true
        }
        joining = Joining(id: found.place.id, address: found.address, dial: dial)
        switchboard.wish(StreamShares.Wish(pair: pair, delegation: delegation), on: found.place)
        return true
    }

    /// Where streams are found that serve the purpose.
    private var servers: ServerDirectory {
        purpose == .stanzas ? switchboard.shared.servers : switchboard.shared.questionServers
    }

    private var own: ServerDirectory.Attempt { ServerDirectory.Attempt(pair: pair, loop: switchboard.index) }

    /// Something came of the dial that was waited for, or it took too long.
    func waitingIsOver() {
        guard let waiting else { return }
        waiting.cancel()
        self.waiting = nil
        resume?()
        resume = nil
    }

    func stopWaiting() {
        waiting?.cancel()
        waiting = nil
        resume = nil
    }

    /// An address is about to be dialled, which others may wait for.
    func claim(_ address: IPAddress, port: UInt16) {
        guard mayJoin, let place = SocketAddress(octets: address.octets, port: port) else { return }
        claims.insert(place)
        servers.beginDial(at: place, by: own)
    }

    /// What was dialled came to nothing, or to a stream: those who waited go on.
    ///
    /// - Parameter place: What is still being tried.
    func releaseClaims(except place: SocketAddress? = nil) {
        let released = claims.filter { $0 != place }
        claims.subtract(released)
        for place in released {
            for attempt in servers.endDial(at: place, by: own) {
                switchboard.shared.switchboard(attempt.loop)?.post { [purpose] switchboard in
                    let waiting =
                        purpose == .stanzas
                        ? switchboard.attempts[attempt.pair]
                        : switchboard.keyQuestions.attempt(for: attempt.pair.target)
                    waiting?.waitingIsOver()
                }
            }
        }
    }

    /// Whether the stream has been asked, and has not answered.
    func hasAsked(_ id: StreamID) -> Bool { joining?.id == id }

    /// The stream carries the pair.
    func wasJoined() {
        joining = nil
        end(.joined)
    }

    /// The stream does not carry the pair; one of its own may (PS-05).
    func wasDeclined(_ failure: PairFailure) {
        guard let joining else { return }
        self.joining = nil
        if failure == .streamEnded {
            servers.noteClosure(at: joining.address, now: switchboard.now)
        }
        guard failure.mayUseOwnStream else { return fail(failure.attemptFailure(of: pair)) }
        mayJoin = false
        joining.dial()
    }
}
