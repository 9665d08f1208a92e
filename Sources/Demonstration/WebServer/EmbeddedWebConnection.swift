internal import EventLoops
internal import TransportSecurity

/// One connection of an embedded web server: one request, one answer.
final class EmbeddedWebConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let session: TLSSession
    private weak var server: EmbeddedWebServer?
    private let scratch = PlaintextBuffer()
    private var received: [UInt8] = []
    private var hasEnded = false
    private var deadline: LoopTimer?
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: EmbeddedWebConnection?

    /// Who has not asked by then is not served.
    private static let patience = Duration.seconds(10)

    static func serve(_ connection: TCPConnection, session: TLSSession, for server: EmbeddedWebServer) {
        let service = EmbeddedWebConnection(connection, session, server)
        service.keeper = service
        connection.delegate = service
        service.deadline = connection.loop.schedule(after: patience) { [weak service] in service?.end() }
    }

    private init(_ connection: TCPConnection, _ session: TLSSession, _ server: EmbeddedWebServer) {
        self.connection = connection
        self.session = session
        self.server = server
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        var output: [UInt8] = []
        var isAlive = true
        do throws(TLSFailure) {
            let progress = try session.receive(bytes, scratch: scratch, output: &output) {
                received.append(contentsOf: $0)
            }
            isAlive = !progress.contains(.closedByPeer) && received.count <= WebRequestHead.longest
        } catch {
            isAlive = false
        }
        if !hasEnded, let request = WebRequestHead(received),
            let reply = server?.reply(to: request, serverName: session.requestedServerName)
        {
            // A session that failed has said so where it received.
            reply.withUnsafeBytes { try? session.send($0, output: &output) }
            isAlive = false
        }
        if !output.isEmpty { connection.write(output) }
        if !isAlive { end() }
    }

    func connectionReachedEnd(_ connection: TCPConnection) { end() }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { end() }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        deadline?.cancel()
        server?.connectionEnded()
        connection.closeAfterFlush()
        keeper = nil
    }
}
