import DNSMessages
import EventLoops
import Synchronization
import TransportSecurity
import XMPPModel

/// A name server on connections that does what a test tells it, in clear or under TLS, and keeps what it received.
final class ScriptedServer: Sendable {
    /// What is done when a query has come.
    enum Step: Sendable {
        case reply(DNSResponse)
        /// Octets behind a length, whatever they are.
        case message([UInt8])
        case close
    }

    /// What one connection brought.
    struct Conversation: Sendable {
        /// Octets as they came from the network.
        var wire: [UInt8] = []
        /// What single reads held after decryption.
        var reads: [[UInt8]] = []
        var messages: [[UInt8]] = []
        var serverName: String?
        var applicationProtocol: String?
        var hasEnded = false
    }

    /// Gets the number of the connection, from zero, and all queries on it that nothing was done about.
    typealias Script = @Sendable (_ connection: Int, _ queries: [DNSQuery]) -> [Step]

    let address: SocketAddress
    private let loop: EventLoop
    private let conversations: Mutex<[Conversation]>

    /// - Parameters:
    ///   - greeting: Octets that are sent, raw, in place of all else, when the first ones have come.
    ///   - script: Nothing done means: wait for more queries.
    init(
        _ identity: TLSIdentity? = nil, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        greeting: [UInt8]? = nil, script: @escaping Script = ScriptedServer.answering
    ) throws {
        let loop = try EventLoop(name: "scripted server")
        let socket = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let context = try identity.map { try TLSContext.server(defaultIdentity: $0, versions: versions) }
        self.loop = loop
        address = .loopbackIPv4(port: socket.localAddress?.port ?? 0)
        conversations = Mutex([])
        try loop.run {
            _ = try TCPListener(socket, on: loop) { [weak self] accepted in
                guard let self, let connection = try? accepted.adopt(on: loop) else { return }
                let number = conversations.withLock { all in
                    all.append(Conversation())
                    return all.count - 1
                }
                let session = context.flatMap { try? TLSSession(context: $0, applicationProtocols: ["dot"]) }
                ScriptedConnection.serve(
                    connection, session, greeting: greeting,
                    record: { [weak self] change in self?.conversations.withLock { change(&$0[number]) } },
                    script: { script(number, $0) })
            }
        }
    }

    deinit { loop.stop() }

    /// Every connection so far, in order.
    var log: [Conversation] { conversations.withLock { $0 } }
    /// Every message that came, decrypted.
    var messages: [[UInt8]] { log.flatMap(\.messages) }
    /// Every query that came.
    var queries: [DNSQuery] { messages.compactMap { try? DNSQuery(decoding: $0) } }

    /// Answers everything at once.
    static let answering: Script = { _, queries in queries.map { .reply(answer(to: $0)) } }

    /// One address for each name, which the name's first label tells apart.
    static func answer(to query: DNSQuery) -> DNSResponse {
        let octets = [
            192, 0, 2, UInt8(truncatingIfNeeded: query.question.name.description.utf8.reduce(0) { $0 &+ Int($1) }),
        ]
        let record = IPAddress(octets: octets).flatMap {
            DNSRecord(owner: query.question.name, timeToLive: 60, data: .a($0))
        }
        return DNSResponse(to: query, isAuthenticated: true, answers: [record].compactMap { $0 })
    }
}
