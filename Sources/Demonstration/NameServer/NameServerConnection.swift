internal import DNSMessages
internal import EventLoops
internal import TransportSecurity

/// A connection on which queries come and responses go, each behind its length (RFC 7766), in clear or by TLS (RFC 7858).
final class NameServerConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let session: TLSSession?
    private let treat: EmbeddedNameServer.Treating
    private let scratch = PlaintextBuffer()
    private var received: [UInt8] = []
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: NameServerConnection?

    static func serve(
        _ connection: TCPConnection, session: TLSSession? = nil, treat: @escaping EmbeddedNameServer.Treating
    ) {
        let service = NameServerConnection(connection, session: session, treat: treat)
        service.keeper = service
        connection.delegate = service
    }

    private init(
        _ connection: TCPConnection, session: TLSSession?, treat: @escaping EmbeddedNameServer.Treating
    ) {
        self.connection = connection
        self.session = session
        self.treat = treat
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        guard let session else {
            received.append(contentsOf: bytes)
            answer()
            return
        }
        var output: [UInt8] = []
        var isAlive = true
        do throws(TLSFailure) {
            let progress = try session.receive(bytes, scratch: scratch, output: &output) {
                received.append(contentsOf: $0)
            }
            isAlive = !progress.contains(.closedByPeer)
        } catch {
            isAlive = false
        }
        if !output.isEmpty { connection.write(output) }
        answer()
        if !isAlive { end() }
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        end()
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        keeper = nil
    }

    private func answer() {
        while received.count >= 2 {
            let end = 2 + (Int(received[0]) << 8 | Int(received[1]))
            guard received.count >= end else { return }
            let message = Array(received[2..<end])
            received.removeFirst(end)
            let transport = session == nil ? LoggedQuery.Transport.tcp : .tls
            guard let treatment = treat(message, transport) else { continue }
            guard treatment.fault != .disconnect else {
                connection.abort()
                keeper = nil
                return
            }
            guard let octets = treatment.octets(over: transport) else { continue }
            let framed = [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
            if let delay = treatment.delay {
                connection.loop.scheduleSoon(after: delay) { self.send(framed) }
            } else {
                send(framed)
            }
        }
    }

    private func send(_ framed: [UInt8]) {
        guard let session else {
            connection.write(framed)
            return
        }
        var output: [UInt8] = []
        framed.withUnsafeBytes { bytes in
            // A session that failed has said so where it received.
            try? session.send(bytes, output: &output)
        }
        if !output.isEmpty { connection.write(output) }
    }

    private func end() {
        if let session {
            var output: [UInt8] = []
            session.sendCloseNotify(output: &output)
            if !output.isEmpty { connection.write(output) }
        }
        connection.closeAfterFlush()
        keeper = nil
    }
}
