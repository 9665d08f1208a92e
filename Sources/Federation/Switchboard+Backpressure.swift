internal import EventLoops
internal import Routing
internal import XMPPModel

/// Who has to wait for whom: streams for a backend that does not read, backends for streams that are full.
extension Switchboard {
    /// Stanzas that may be under way to one loop before those who produce them wait.
    private static let transitLimit = 256

    /// Whether the stream has to read no more until the backend of the domain has drained.
    func mustWait(for domain: DomainName, stream: StreamID) -> Bool {
        guard let entry = directory.entry(for: domain) else { return false }
        return entry.gate.wait(BackpressureGate.Waiter(stream: stream, loop: index))
    }

    /// Lets streams read again, on whichever loop.
    func resume(_ waiters: Set<BackpressureGate.Waiter>) {
        for waiter in waiters {
            if waiter.loop == index {
                streams[waiter.stream]?.wire.resume()
            } else {
                shared.switchboard(waiter.loop)?.post { $0.streams[waiter.stream]?.wire.resume() }
            }
        }
    }

    /// Whether a backend has to read no more for a while.
    var mustHoldBackends: Bool { shared.congestion.isHolding }

    /// The backend waits until nothing new is congested.
    func wait(_ backend: BackendConnection) { waitingBackends.append(backend) }

    /// A stream's output is full.
    func noteCongestion(of id: StreamID) { shared.congestion.add(.stream(id)) }

    /// A stream's output has drained, or the stream is gone.
    func noteRelief(of id: StreamID) { relieve(.stream(id)) }

    /// Hands stanzas to the loop that owns their recipients. It may be slower than this one, and what lies between the
    /// two is in nobody's queue.
    func hand(over stanzas: [Stanza], from domain: DomainName, toLoop owner: Int) {
        post(stanzas.count, to: owner) { $0.route(.submitted(stanzas, from: domain)) }
    }

    /// Has stanzas dealt with on another loop.
    func post(_ count: Int, to loop: Int, _ body: @escaping @Sendable (Switchboard) -> Void) {
        if shared.transit.add(count, to: loop) > Self.transitLimit { shared.congestion.add(.loop(loop)) }
        shared.switchboard(loop)?.post { there in
            body(there)
            // After routing: a stream that is full by now holds the backend in its turn.
            if there.shared.transit.subtract(count, from: loop) <= Self.transitLimit / 2 {
                there.relieve(.loop(loop))
            }
        }
    }

    private func relieve(_ place: CongestionBoard.Place) {
        guard shared.congestion.remove(place) else { return }
        for loop in 0..<shared.loopCount {
            if loop == index {
                releaseWaitingBackends()
            } else {
                shared.switchboard(loop)?.post { $0.releaseWaitingBackends() }
            }
        }
    }

    private func releaseWaitingBackends() {
        let waiting = waitingBackends
        waitingBackends = []
        for backend in waiting { backend.goOn(isLate: false) }
    }
}
