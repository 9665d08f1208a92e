internal import DNSMessages
internal import EventLoops

/// A TCP connection on which queries come and responses go, each behind its length (RFC 7766).
final class NameServerConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let treat: (DNSQuery, Bool) -> EmbeddedNameServer.Treatment?
    private var received: [UInt8] = []
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: NameServerConnection?

    static func serve(
        _ connection: TCPConnection, treat: @escaping (DNSQuery, Bool) -> EmbeddedNameServer.Treatment?
    ) {
        let service = NameServerConnection(connection, treat: treat)
        service.keeper = service
        connection.delegate = service
    }

    private init(
        _ connection: TCPConnection, treat: @escaping (DNSQuery, Bool) -> EmbeddedNameServer.Treatment?
    ) {
        self.connection = connection
        self.treat = treat
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        received.append(contentsOf: bytes)
        while received.count >= 2 {
            let end = 2 + (Int(received[0]) << 8 | Int(received[1]))
            guard received.count >= end else { return }
            let message = Array(received[2..<end])
            received.removeFirst(end)
            guard let query = try? DNSQuery(decoding: message), let treatment = treat(query, true),
                let octets = treatment.octets(overTCP: true)
            else { continue }
            let framed = [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets
            if let delay = treatment.delay {
                connection.loop.scheduleSoon(after: delay) { connection.write(framed) }
            } else {
                connection.write(framed)
            }
        }
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        connection.closeAfterFlush()
        keeper = nil
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        keeper = nil
    }
}
