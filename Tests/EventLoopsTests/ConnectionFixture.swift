@testable import EventLoops

/// A connection on a loop, and its peer in the test's hands.
///
/// `run` ends with a whole turn, and a unix socket delivers before send(2) returns; so `peer.send(…)` and then `turn()`
/// leave nothing to wait for there. TCP over loopback may take a moment: `turns(until:)`.
final class ConnectionFixture {
    let loop: EventLoop
    let connection: TCPConnection
    let recorder: RecordingDelegate
    let peer: RawPeer

    init(_ transport: Transport = .ipv4) throws {
        let loop = try EventLoop(name: "test")
        let (socket, peer) = try transport.makePair()
        let recorder = RecordingDelegate()
        var adopted: TCPConnection?
        try loop.run {
            adopted = try socket.adopt(on: loop)
            adopted?.delegate = recorder
        }
        guard let adopted else { throw SystemError(call: "adopt", code: 0) }
        connection = adopted
        self.loop = loop
        self.recorder = recorder
        self.peer = peer
    }

    deinit {
        loop.stop()
    }

    func turn() {
        loop.run {}
    }

    func run<Result: Sendable>(_ body: (TCPConnection) -> Result) -> Result {
        loop.run { body(connection) }
    }

    var events: [RecordingDelegate.Event] { loop.run { recorder.events } }
    var text: String { loop.run { recorder.text } }

    func turns(until condition: () -> Bool) -> Bool {
        loop.turns(until: condition)
    }

    /// Whether the loop does nothing while nothing happens: a level that nobody clears would call it again and again.
    func isQuiet() -> Bool {
        turn()
        let before = loop.run { loop.confined.turns }
        for _ in 0..<100 { turn() }
        let after = loop.run { loop.confined.turns }
        return after - before <= 105
    }
}
