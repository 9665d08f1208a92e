public import DNSMessages
public import EventLoops
internal import Synchronization

/// An authoritative name server on 127.0.0.1, over UDP and TCP, for the demonstration and for tests.
///
/// It has a loop of its own, keeps a log of what it was asked, and can be told to misbehave. All of it may be used from
/// any thread.
public final class EmbeddedNameServer: Sendable {
    private struct State {
        var zones: [EmbeddedZone]
        var queries: [LoggedQuery] = []
        var faults: [RecordType?: NameServerFault] = [:]
        var streamFaults: [RecordType?: NameServerFault] = [:]
        var delays: [RecordType?: Duration] = [:]
    }

    /// What is to be done with a query.
    struct Treatment {
        let query: DNSQuery
        let response: DNSResponse
        let fault: NameServerFault?
        let delay: Duration?
    }

    /// Where it listens, over UDP and TCP alike.
    public let address: SocketAddress
    private let loop: EventLoop
    private let state: Mutex<State>
    private let observe: (@Sendable (DNSQuestion, DNSResponse) -> Void)?

    /// Queries kept in the log; older ones are forgotten.
    private static let longestLog = 10_000

    /// Starts to serve.
    ///
    /// - Parameters:
    ///   - zones: What it speaks for; it refuses to answer about other names.
    ///   - port: Where to listen; zero for any port that is free.
    ///   - observe: Is told of every question and what the zones say to it, faults left out of account.
    /// - Throws: ``NameServerFailure`` when it cannot listen there.
    public init(
        zones: [EmbeddedZone], port: UInt16 = 0, observe: (@Sendable (DNSQuestion, DNSResponse) -> Void)? = nil
    ) throws(NameServerFailure) {
        do throws(SystemError) {
            loop = try EventLoop(name: "name server")
        } catch {
            throw .system(error)
        }
        self.observe = observe
        state = Mutex(State(zones: zones))
        let sockets = try Self.bind(port: port)
        address = .loopbackIPv4(port: sockets.datagram.port)
        try loop.run { () throws(NameServerFailure) in try serve(sockets.stream, sockets.datagram) }
    }

    deinit { stop() }

    /// Ends the service at once.
    public func stop() {
        loop.stop()
    }

    /// Speaks for other zones from now on.
    public func replaceZones(_ zones: [EmbeddedZone]) {
        state.withLock { $0.zones = zones }
    }

    /// What was asked, in order.
    public var queries: [LoggedQuery] {
        state.withLock { $0.queries }
    }

    /// Forgets what was asked.
    public func clearQueries() {
        state.withLock { $0.queries = [] }
    }

    /// Misbehaves from now on, to questions of one type or of all; nil behaves again.
    public func setFault(_ fault: NameServerFault?, for type: RecordType? = nil) {
        state.withLock { $0.faults[type] = fault }
    }

    /// Misbehaves over TCP in another way than over UDP.
    public func setStreamFault(_ fault: NameServerFault?, for type: RecordType? = nil) {
        state.withLock { $0.streamFaults[type] = fault }
    }

    /// Takes its time from now on, with questions of one type or of all; nil answers at once again.
    public func setDelay(_ delay: Duration?, for type: RecordType? = nil) {
        state.withLock { $0.delays[type] = delay }
    }

    /// The port of both sockets is the same; of a free one for TCP it is only likely that UDP has it free too.
    private static func bind(
        port: UInt16
    ) throws(NameServerFailure) -> (stream: ListeningSocket, datagram: LoopbackDatagrams) {
        var attemptsLeft = port == 0 ? 10 : 1
        while true {
            attemptsLeft -= 1
            let stream: ListeningSocket
            do throws(ListenFailure) {
                stream = try ListeningSocket.bind(to: .loopbackIPv4(port: port))
            } catch {
                throw .listening(error)
            }
            do throws(SystemError) {
                return (stream, try LoopbackDatagrams(port: stream.localAddress?.port ?? port))
            } catch {
                stream.close()
                guard attemptsLeft > 0 else { throw .system(error) }
            }
        }
    }

    private func serve(_ stream: ListeningSocket, _ datagram: LoopbackDatagrams) throws(NameServerFailure) {
        let treat: (DNSQuery, Bool) -> Treatment? = { [weak self] query, isOverTCP in
            self?.treat(query, isOverTCP: isOverTCP)
        }
        do throws(SystemError) {
            try datagram.serve(on: loop, treat: treat)
        } catch {
            throw .system(error)
        }
        let loop = loop
        do throws(ListenFailure) {
            // The loop keeps the listener, and each connection with what serves it, until it stops.
            _ = try TCPListener(stream, on: loop) { socket in
                guard let connection = try? socket.adopt(on: loop) else { return }
                NameServerConnection.serve(connection, treat: treat)
            }
        } catch {
            throw .listening(error)
        }
    }

    private func treat(_ query: DNSQuery, isOverTCP: Bool) -> Treatment {
        let treatment = state.withLock { state in
            let question = query.question
            let logged = LoggedQuery(
                question: question, isOverTCP: isOverTCP, wantsSignatures: query.wantsSignatures,
                payloadOctets: query.payloadOctets)
            if state.queries.count >= Self.longestLog { state.queries.removeFirst(Self.longestLog / 2) }
            state.queries.append(logged)
            let streamFault = state.streamFaults[question.type] ?? state.streamFaults[nil]
            let fault = state.faults[question.type] ?? state.faults[nil]
            return Treatment(
                query: query, response: Self.response(to: query, from: state.zones),
                fault: isOverTCP ? streamFault ?? fault : fault,
                delay: state.delays[question.type] ?? state.delays[nil])
        }
        observe?(query.question, treatment.response)
        return treatment
    }

    private static func response(to query: DNSQuery, from zones: [EmbeddedZone]) -> DNSResponse {
        let candidates = zones.filter { query.question.name.isAtOrBelow($0.origin) }
        guard let zone = candidates.max(by: { $0.origin.wire.count < $1.origin.wire.count }) else {
            return DNSResponse(to: query, code: .refused)
        }
        let reply = zone.reply(to: query.question)
        return DNSResponse(
            to: query, code: reply.code, isAuthoritative: true, answers: reply.answers,
            authorities: reply.authorities)
    }
}
