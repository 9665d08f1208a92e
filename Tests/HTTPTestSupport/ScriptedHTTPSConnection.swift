internal import EventLoops
internal import TransportSecurity

/// One connection of a scripted server.
final class ScriptedHTTPSConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let session: TLSSession
    private let number: Int
    private weak var server: ScriptedHTTPSServer?
    private let scratch = PlaintextBuffer()
    private var received: [UInt8] = []
    private var hasRecordedHandshake = false
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: ScriptedHTTPSConnection?

    static func serve(
        _ connection: TCPConnection, session: TLSSession, number: Int, for server: ScriptedHTTPSServer
    ) {
        let service = ScriptedHTTPSConnection(connection, session, number, server)
        service.keeper = service
        connection.delegate = service
    }

    private init(
        _ connection: TCPConnection, _ session: TLSSession, _ number: Int, _ server: ScriptedHTTPSServer
    ) {
        self.connection = connection
        self.session = session
        self.number = number
        self.server = server
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        var output: [UInt8] = []
        var isAlive = true
        do throws(TLSFailure) {
            let progress = try session.receive(bytes, scratch: scratch, output: &output) {
                received.append(contentsOf: $0)
            }
            if progress.contains(.handshakeCompleted) { recordHandshake(isComplete: true) }
            isAlive = !progress.contains(.closedByPeer)
        } catch {
            recordHandshake(isComplete: false)
            isAlive = false
        }
        if !output.isEmpty { connection.write(output) }
        answer()
        if !isAlive { end() }
    }

    func connectionReachedEnd(_ connection: TCPConnection) { end() }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        recordHandshake(isComplete: false)
        keeper = nil
    }

    private func answer() {
        while let (parsed, count) = ReceivedRequest.first(in: received), let server {
            received.removeFirst(count)
            var request = parsed
            request.connection = number
            request.serverName = session.requestedServerName
            request.clientCertificates = session.peerCertificates.count
            let reply = server.reply(to: request)
            if let delay = reply.delay {
                connection.loop.scheduleSoon(after: delay) { self.send(reply) }
            } else {
                send(reply)
            }
        }
    }

    private func send(_ reply: ScriptedReply) {
        var output: [UInt8] = []
        // A session that failed has said so where it received.
        reply.octets.withUnsafeBytes { try? session.send($0, output: &output) }
        if !output.isEmpty { connection.write(output) }
        if reply.closes { end() }
    }

    private func end() {
        recordHandshake(isComplete: false)
        connection.closeAfterFlush()
        keeper = nil
    }

    private func recordHandshake(isComplete: Bool) {
        guard !hasRecordedHandshake else { return }
        hasRecordedHandshake = true
        server?.record(.init(serverName: session.requestedServerName, isComplete: isComplete))
    }
}
