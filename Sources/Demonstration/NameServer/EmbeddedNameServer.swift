public import DNSMessages
public import EventLoops
internal import Synchronization
public import TransportSecurity

/// A name server on 127.0.0.1, over UDP, TCP and TLS, for the demonstration and for tests.
///
/// Its zones may be a whole hierarchy from the root down, signed or not: it answers from them as a recursor does, each
/// name from its own zone, and validates nothing. It has a loop of its own, keeps a log of what it was asked, and can be told to misbehave. All of it may be used from
/// any thread.
public final class EmbeddedNameServer: Sendable {
    private struct State {
        var zones: EmbeddedZoneSet
        var queries: [LoggedQuery] = []
        var faults: [Topic: NameServerFault] = [:]
        var streamFaults: [Topic: NameServerFault] = [:]
        var delays: [Topic: Duration] = [:]
        var connections = 0
    }

    /// Questions of one type, at one name, both or all.
    private struct Topic: Hashable {
        var name: DNSName?
        var type: RecordType?

        /// What is set for a question: for itself, its name, its type, or all.
        static func value<Value>(for question: DNSQuestion, in settings: [Topic: Value]) -> Value? {
            settings[Topic(name: question.name, type: question.type)] ?? settings[Topic(name: question.name)]
                ?? settings[Topic(type: question.type)] ?? settings[Topic()]
        }
    }

    /// Takes a message that came in; nil when it is no query.
    typealias Treating = (_ message: [UInt8], LoggedQuery.Transport) -> Treatment?

    /// What is to be done with a query.
    struct Treatment {
        let query: DNSQuery
        let response: DNSResponse
        let fault: NameServerFault?
        let delay: Duration?
    }

    /// Where it listens, over UDP and TCP alike.
    public let address: SocketAddress
    /// Where it listens for TLS; nil without an identity.
    public let secureAddress: SocketAddress?
    private let loop: EventLoop
    private let state: Mutex<State>
    private let observe: (@Sendable (DNSQuestion, DNSResponse) -> Void)?
    private let forward: (@Sendable (DNSQuery) -> DNSResponse?)?

    /// Queries kept in the log; older ones are forgotten.
    private static let longestLog = 10_000

    /// Starts to serve.
    ///
    /// - Parameters:
    ///   - zones: What it speaks for; it refuses to answer about other names.
    ///   - port: Where to listen; zero for any port that is free.
    ///   - identity: With it, the server listens for TLS as well, on a port of its own.
    ///   - observe: Is told of every question and what it is told: what the zones say, or a forgery.
    ///   - forward: Asks another server in place of the zones, as a forwarder does; it may block.
    /// - Throws: ``NameServerFailure`` when it cannot listen there.
    public init(
        zones: [EmbeddedZone], port: UInt16 = 0, identity: TLSIdentity? = nil,
        observe: (@Sendable (DNSQuestion, DNSResponse) -> Void)? = nil,
        forward: (@Sendable (DNSQuery) -> DNSResponse?)? = nil
    ) throws(NameServerFailure) {
        do throws(SystemError) {
            loop = try EventLoop(name: "name server")
        } catch {
            throw .system(error)
        }
        self.observe = observe
        self.forward = forward
        state = Mutex(State(zones: EmbeddedZoneSet(zones)))
        let sockets = try Self.bind(port: port)
        address = .loopbackIPv4(port: sockets.datagram.port)
        let secure: (socket: ListeningSocket, context: TLSContext)?
        if let identity { secure = try Self.secure(identity) } else { secure = nil }
        secureAddress = secure?.socket.localAddress
        try loop.run { () throws(NameServerFailure) in
            try serve(sockets.datagram)
            try accept(on: sockets.stream, context: nil)
            if let secure { try accept(on: secure.socket, context: secure.context) }
        }
    }

    deinit { stop() }

    /// Ends the service at once.
    public func stop() {
        loop.stop()
    }

    /// Speaks for other zones from now on.
    public func replaceZones(_ zones: [EmbeddedZone]) {
        state.withLock { $0.zones = EmbeddedZoneSet(zones) }
    }

    /// What was asked, in order.
    public var queries: [LoggedQuery] {
        state.withLock { $0.queries }
    }

    /// Forgets what was asked.
    public func clearQueries() {
        state.withLock { $0.queries = [] }
    }

    /// Misbehaves from now on, to questions of one type, at one name or to all; nil behaves again.
    public func setFault(_ fault: NameServerFault?, for type: RecordType? = nil, at name: DNSName? = nil) {
        state.withLock { $0.faults[Topic(name: name, type: type)] = fault }
    }

    /// Misbehaves over TCP and TLS in another way than over UDP.
    public func setStreamFault(_ fault: NameServerFault?, for type: RecordType? = nil, at name: DNSName? = nil) {
        state.withLock { $0.streamFaults[Topic(name: name, type: type)] = fault }
    }

    /// Takes its time from now on, with questions of one type, at one name or with all; nil answers at once again.
    public func setDelay(_ delay: Duration?, for type: RecordType? = nil, at name: DNSName? = nil) {
        state.withLock { $0.delays[Topic(name: name, type: type)] = delay }
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

    private static func secure(
        _ identity: TLSIdentity
    ) throws(NameServerFailure) -> (socket: ListeningSocket, context: TLSContext) {
        let context: TLSContext
        do throws(TLSContextFailure) {
            context = try TLSContext.server(defaultIdentity: identity)
        } catch {
            throw .security(error)
        }
        do throws(ListenFailure) {
            return (try ListeningSocket.bind(to: .loopbackIPv4(port: 0)), context)
        } catch {
            throw .listening(error)
        }
    }

    private func serve(_ datagram: LoopbackDatagrams) throws(NameServerFailure) {
        do throws(SystemError) {
            try datagram.serve(on: loop) { [weak self] in self?.treat($0, $1, connection: nil) }
        } catch {
            throw .system(error)
        }
    }

    private func accept(on stream: ListeningSocket, context: TLSContext?) throws(NameServerFailure) {
        let loop = loop
        do throws(ListenFailure) {
            // The loop keeps the listener, and each connection with what serves it, until it stops.
            _ = try TCPListener(stream, on: loop) { [weak self] socket in
                guard let self, let connection = try? socket.adopt(on: loop) else { return }
                let number = countConnection()
                let treat: Treating = { [weak self] in self?.treat($0, $1, connection: number) }
                guard let context else { return NameServerConnection.serve(connection, treat: treat) }
                guard let session = try? TLSSession(context: context) else { return connection.abort() }
                NameServerConnection.serve(connection, session: session, treat: treat)
            }
        } catch {
            throw .listening(error)
        }
    }

    private func countConnection() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }

    private func treat(
        _ message: [UInt8], _ transport: LoggedQuery.Transport, connection: Int?
    ) -> Treatment? {
        guard let query = try? DNSQuery(decoding: message) else { return nil }
        let question = query.question
        let logged = LoggedQuery(
            question: question, transport: transport, connection: connection, wantsSignatures: query.wantsSignatures,
            disablesChecking: query.disablesChecking, payloadOctets: query.payloadOctets, octets: message.count,
            isPadded: query.isPadded)
        let (zones, fault, delay) = state.withLock { state in
            if state.queries.count >= Self.longestLog { state.queries.removeFirst(Self.longestLog / 2) }
            state.queries.append(logged)
            let streamFault = transport == .udp ? nil : Topic.value(for: question, in: state.streamFaults)
            return (
                state.zones, streamFault ?? Topic.value(for: question, in: state.faults),
                Topic.value(for: question, in: state.delays)
            )
        }
        let response = forward.map { $0(query) ?? DNSResponse(to: query, code: .serverFailure) }
        let treatment = Treatment(
            query: query, response: response ?? zones.response(to: query), fault: fault, delay: delay)
        observe?(query.question, treatment.claimed)
        return treatment
    }
}
