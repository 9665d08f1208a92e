internal import EventLoops
internal import Glibc
internal import TransportSecurity

/// One run of a scenario against one server: the peers that the generator plays, and the counting.
///
/// Peers live on the generator's loop; the main thread starts them, waits and reads the counters there.
final class Experiment {
    let server: ServerUnderTest
    let laboratory: Laboratory
    let seconds: Double
    /// Stanzas that arrived.
    private(set) var received = 0
    /// Called on the loop when a batch has been counted.
    var counted: (() -> Void)?
    /// Sees what arrives before it is counted.
    var inspect: ((UnsafeRawBufferPointer) -> Void)?
    private(set) var component: ComponentPeer?
    private(set) var failure: String?
    private var initiating: [InitiatingPeer] = []
    private var accepting: [ObjectIdentifier: AcceptingPeer] = [:]

    var loop: EventLoop { laboratory.loop }

    init(_ server: ServerUnderTest, in laboratory: Laboratory, seconds: Double) {
        self.server = server
        self.laboratory = laboratory
        self.seconds = seconds
    }

    /// Runs a scenario from connecting to closing.
    func run(_ scenario: ScenarioName) throws -> [Figure] {
        defer { end() }
        try connectComponent()
        switch scenario {
        case .inbound: return try runInbound(size: 200, window: 4096, burst: 32)
        case .inbound16k: return try runInbound(size: 16_384, window: 64, burst: 2)
        case .outbound: return try runOutbound()
        case .handshake: return try runHandshakes()
        case .dial: return try runDials()
        case .idle: return try runIdle()
        case .latency: return try runLatency()
        }
    }

    private func connectComponent() throws {
        let peer = ComponentPeer(Laboratory.domain, secret: Laboratory.secret) { [unowned self] in count($0) }
        component = peer
        loop.run { peer.start(at: server.component, on: loop) }
        try wait("the component to connect", within: 10) { peer.isConnected }
    }

    // MARK: - Peers

    /// Opens streams from so many remote domains, and waits until all are established.
    func openStreams(_ domains: Range<Int>, limit: Double = 10) throws {
        var established = 0
        // A few at a time, as long as the listener's queue.
        for start in stride(from: domains.lowerBound, to: domains.upperBound, by: 200) {
            let batch = start..<min(domains.upperBound, start + 200)
            loop.run {
                for number in batch {
                    let peer = makePeer(number)
                    peer.established = { _ in established += 1 }
                    peer.ended = { [unowned self] _, reason in failure = reason }
                    initiating.append(peer)
                    peer.start(at: server.s2s, on: loop)
                }
            }
            try wait("streams to open", within: limit) { established >= batch.upperBound - domains.lowerBound }
        }
    }

    func makePeer(_ number: Int) -> InitiatingPeer {
        InitiatingPeer(
            Laboratory.remote(number), to: Laboratory.domain, context: laboratory.clientContext,
            scratch: laboratory.scratch)
    }

    var openWires: [PeerConnection] { initiating.compactMap(\.wire) }

    /// Plays every remote server from now on.
    func acceptStreams() {
        loop.run {
            laboratory.accept = { [unowned self] connection in
                let peer = AcceptingPeer(
                    connection, context: laboratory.serverContext, scratch: laboratory.scratch,
                    count: { [unowned self] in count($0) },
                    ended: { [unowned self] in accepting[ObjectIdentifier($0)] = nil })
                accepting[ObjectIdentifier(peer)] = peer
            }
        }
    }

    private func count(_ bytes: UnsafeRawBufferPointer) {
        inspect?(bytes)
        received += Message.count(in: bytes)
        counted?()
    }

    private func end() {
        loop.run {
            laboratory.accept = nil
            for peer in accepting.values { peer.abort() }
            for peer in initiating {
                peer.ended = nil
                peer.wire?.connection.abort()
            }
            component?.wire?.connection.abort()
        }
    }

    // MARK: - Waiting and measuring

    /// Waits until a condition on the loop holds.
    func wait(_ awaited: String, within limit: Double, until condition: () -> Bool) throws {
        try Bench.wait(for: "\(awaited): \(server.log)", within: .seconds(limit), every: .milliseconds(5)) {
            if loop.run(condition) { return true }
            if let failure = loop.run({ failure ?? component?.failure }) { throw BenchmarkFailure(failure) }
            guard server.isRunning else { throw BenchmarkFailure("the server ended: \(server.log)") }
            return false
        }
    }

    /// Lets load run for a while and then measures it for ``seconds``: work done, by `progress`, and processor time.
    func measure(_ unit: String, warmUp: Double = 1, progress: () -> Int) throws -> [Figure] {
        Bench.run(for: .seconds(warmUp))
        let start = loop.run { (LoopTime.current, server.usage.processorSeconds, progress()) }
        Bench.run(for: .seconds(seconds))
        let end = loop.run { (LoopTime.current, server.usage.processorSeconds, progress()) }
        if let failure = loop.run({ failure ?? component?.failure }) { throw BenchmarkFailure(failure) }
        let wall = Double(end.0.nanoseconds - start.0.nanoseconds) / 1e9
        return try Self.figures(unit, work: end.2 - start.2, processor: end.1 - start.1, wall: wall)
    }

    static func figures(_ unit: String, work: Int, processor: Double, wall: Double) throws -> [Figure] {
        guard work > 0 else { throw BenchmarkFailure("nothing arrived") }
        return [
            Figure(name: "CPU for each \(unit)", value: processor / Double(work) * 1e6, unit: "µs"),
            Figure(name: "\(unit)s a second", value: Double(work) / wall, unit: "/s", isMoreBetter: true),
            Figure(name: "of one core", value: processor / wall * 100, unit: "%"),
        ]
    }
}
