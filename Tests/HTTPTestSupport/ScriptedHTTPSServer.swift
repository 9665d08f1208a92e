public import EventLoops
internal import Synchronization
public import TransportSecurity

/// A web server on a loopback address that answers by HTTP/1.1 what a test's script says, and remembers what it was asked.
public final class ScriptedHTTPSServer: Sendable {
    /// What is answered to which request; called on the server's loop.
    public typealias Script = @Sendable (ReceivedRequest) -> ScriptedReply

    struct State {
        var requests: [ReceivedRequest] = []
        var connections = 0
        var handshakes: [HandshakeRecord] = []
        var script: Script
    }

    /// What came of the handshake on one connection.
    public struct HandshakeRecord: Hashable, Sendable {
        /// The server name that the client asked for.
        public var serverName: String?
        /// Whether it came to its end on the server's side.
        public var isComplete: Bool
    }

    /// Where it listens.
    public let address: SocketAddress
    private let loop: EventLoop
    private let state: Mutex<State>

    /// A server that listens at once.
    public init(
        identity: TLSIdentity, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13, script: @escaping Script
    ) throws {
        let context = try TLSContext.server(defaultIdentity: identity, versions: versions)
        let socket = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let loop = try EventLoop(name: "web server")
        address = socket.localAddress ?? .loopbackIPv4(port: 0)
        self.loop = loop
        state = Mutex(State(script: script))
        try loop.run { () throws(ListenFailure) in
            _ = try TCPListener(socket, on: loop) { [weak self] accepted in
                guard let self, let connection = try? accepted.adopt(on: loop),
                    let session = try? TLSSession(context: context, applicationProtocols: ["http/1.1"])
                else { return }
                ScriptedHTTPSConnection.serve(connection, session: session, number: opened(), for: self)
            }
        }
    }

    deinit { loop.stop() }

    /// Everything that was asked, in the order of arrival.
    public var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    /// How many connections were made.
    public var connections: Int { state.withLock { $0.connections } }

    /// What came of each handshake that has ended.
    public var handshakes: [HandshakeRecord] { state.withLock { $0.handshakes } }

    /// Answers by another script from now on.
    public func follow(_ script: @escaping Script) {
        state.withLock { $0.script = script }
    }

    /// Listens no more and closes all connections.
    public func stop() {
        loop.stop()
    }

    func reply(to request: ReceivedRequest) -> ScriptedReply {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        return script(request)
    }

    func record(_ handshake: HandshakeRecord) {
        state.withLock { $0.handshakes.append(handshake) }
    }

    private func opened() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }
}
