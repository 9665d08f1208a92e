internal import EventLoops
internal import Glibc
internal import TransportSecurity

/// Whole dials to remote servers that have to be proved, each for a stanza, which waits for its stream.
final class DialExperiment {
    /// How far one dial was when, in seconds after the stanza that began it.
    struct Course {
        /// The remote server had a connection: everything that has to be known before is looked up.
        var connected: Double
        /// The stanza had arrived.
        var delivered: Double
        /// The web server had answered; nil where none was asked.
        var published: Double?
    }

    /// What many dials cost.
    struct Throughput {
        /// Processor time of the server for each, seconds.
        var processor: Double
        /// Dials a second.
        var rate: Double
    }

    private let server: ProvingServer
    private let laboratory: AssociationLaboratory
    private let context: TLSContext
    private let components: [ComponentPeer]
    private var accepting: [ObjectIdentifier: AcceptingPeer] = [:]
    private var received = 0
    private var arrived: ((Int) -> Void)?
    private var connected: LoopTime?
    private var loop: EventLoop { laboratory.loop }

    init(_ kind: ProofKind, of server: ProvingServer, in laboratory: AssociationLaboratory) throws {
        guard let context = laboratory.context(for: kind) else { throw BenchmarkFailure("no certificate") }
        self.server = server
        self.laboratory = laboratory
        self.context = context
        components = AssociationLaboratory.locals.map { domain in
            ComponentPeer(domain, secret: AssociationLaboratory.secret) { _ in }
        }
        loop.run {
            for component in components { component.start(at: server.component, on: loop) }
        }
        try wait("the components to connect") { components.allSatisfy(\.isConnected) }
    }

    deinit {
        loop.run {
            laboratory.accept = nil
            closeStreams()
            for component in components { component.wire?.connection.abort() }
        }
    }

    /// A stanza from the local domain of a number to each of so many domains, `window` at a time. The streams stay: those
    /// that end in masses are made anew slowly, which is not to be measured here.
    func measureThroughput(from local: Int, domains: Int, window: Int) throws -> Throughput {
        guard let wire = components[local].wire else { throw BenchmarkFailure("no component") }
        takeStreams()
        var sent = 0
        let start = loop.run { (LoopTime.current, server.processorSeconds) }
        loop.run {
            received = 0
            func dial() {
                while sent < domains, sent - received < window {
                    wire.write(Self.message(from: local, to: sent))
                    sent += 1
                }
            }
            arrived = { _ in dial() }
            dial()
        }
        try wait("all stanzas") { received >= domains }
        let end = loop.run { (LoopTime.current, server.processorSeconds) }
        loop.run { arrived = nil }
        return Throughput(
            processor: (end.1 - start.1) / Double(domains), rate: Double(domains) / (end.0 - start.0).inSeconds)
    }

    /// One dial to the domain of a number, with nothing else under way.
    func measureCourse(to number: Int) throws -> Course {
        takeStreams()
        _ = laboratory.takeDocumentTimes()
        var delivered: LoopTime?
        let start = loop.run { () -> LoopTime in
            received = 0
            connected = nil
            arrived = { _ in delivered = LoopTime.current }
            components[0].wire?.write(Self.message(from: 0, to: number))
            return LoopTime.current
        }
        try wait("a stanza") { delivered != nil }
        guard let connected = loop.run({ connected }), let delivered = loop.run({ delivered }) else {
            throw BenchmarkFailure("a stanza came without a stream")
        }
        return Course(
            connected: (connected - start).inSeconds, delivered: (delivered - start).inSeconds,
            published: laboratory.takeDocumentTimes().first.map { ($0 - start).inSeconds })
    }

    // MARK: - On the loop

    /// Plays the remote servers of this experiment from now on, and of no other.
    private func takeStreams() {
        loop.run { laboratory.accept = { [unowned self] in take($0, $1) } }
    }

    private func take(_ connection: TCPConnection, _ moment: LoopTime) {
        connected = moment
        let peer = AcceptingPeer(
            connection, context: context, scratch: laboratory.scratch,
            count: { [unowned self] bytes in
                received += Message.count(in: bytes)
                arrived?(received)
            }, ended: { [unowned self] in accepting[ObjectIdentifier($0)] = nil })
        accepting[ObjectIdentifier(peer)] = peer
    }

    private func closeStreams() {
        for peer in accepting.values { peer.abort() }
        accepting = [:]
    }

    private func wait(_ awaited: String, until condition: () -> Bool) throws {
        try Bench.wait(for: "\(awaited): \(server.log)", within: .seconds(60)) {
            if loop.run(condition) { return true }
            if let failure = loop.run({ components.compactMap(\.failure).first }) {
                throw BenchmarkFailure("\(failure)\n\(server.log)")
            }
            guard server.isRunning else { throw BenchmarkFailure("the server ended: \(server.log)") }
            return false
        }
    }

    private static func message(from local: Int, to number: Int) -> [UInt8] {
        Message.make(from: AssociationLaboratory.locals[local], to: AssociationLaboratory.remote(number), size: 200)
    }
}
