import DNSMessages
import EventLoops
import TransportSecurity

/// One connection to a scripted server.
final class ScriptedConnection: TCPConnectionDelegate {
    typealias Recording = ((inout ScriptedServer.Conversation) -> Void) -> Void

    private let connection: TCPConnection
    private let session: TLSSession?
    private let greeting: [UInt8]?
    private let record: Recording
    private let script: ([DNSQuery]) -> [ScriptedServer.Step]
    private let scratch = PlaintextBuffer()
    private var received: [UInt8] = []
    private var pending: [DNSQuery] = []
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: ScriptedConnection?

    static func serve(
        _ connection: TCPConnection, _ session: TLSSession?, greeting: [UInt8]?, record: @escaping Recording,
        script: @escaping ([DNSQuery]) -> [ScriptedServer.Step]
    ) {
        let service = ScriptedConnection(connection, session, greeting, record, script)
        service.keeper = service
        connection.delegate = service
    }

    private init(
        _ connection: TCPConnection, _ session: TLSSession?, _ greeting: [UInt8]?, _ record: @escaping Recording,
        _ script: @escaping ([DNSQuery]) -> [ScriptedServer.Step]
    ) {
        self.connection = connection
        self.session = session
        self.greeting = greeting
        self.record = record
        self.script = script
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        let octets = Array(bytes)
        record { $0.wire += octets }
        if let greeting { return connection.write(greeting) }
        guard let session else { return take(octets) }
        var output: [UInt8] = []
        var plaintext: [UInt8] = []
        let progress = try? session.receive(bytes, scratch: scratch, output: &output) { plaintext += $0 }
        connection.write(output)
        if progress?.contains(.handshakeCompleted) == true {
            record {
                $0.serverName = session.requestedServerName
                $0.applicationProtocol = session.negotiatedApplicationProtocol
            }
        }
        if !plaintext.isEmpty { take(plaintext) }
        if progress?.contains(.closedByPeer) != false { end() }
    }

    func connectionReachedEnd(_ connection: TCPConnection) { end() }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { end() }

    private func take(_ octets: [UInt8]) {
        record { $0.reads.append(octets) }
        received += octets
        while received.count >= 2 {
            let end = 2 + (Int(received[0]) << 8 | Int(received[1]))
            guard received.count >= end else { break }
            let message = Array(received[2..<end])
            received.removeFirst(end)
            record { $0.messages.append(message) }
            guard let query = try? DNSQuery(decoding: message) else { continue }
            pending.append(query)
            let steps = script(pending)
            if !steps.isEmpty { pending = [] }
            for step in steps { perform(step) }
        }
    }

    private func perform(_ step: ScriptedServer.Step) {
        switch step {
        case .reply(let response): send((try? response.encode()) ?? [])
        case .message(let octets): send(octets)
        case .close:
            connection.abort()
            end()
        }
    }

    private func send(_ message: [UInt8]) {
        let framed = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
        guard let session else { return connection.write(framed) }
        var output: [UInt8] = []
        framed.withUnsafeBytes { try? session.send($0, output: &output) }
        connection.write(output)
    }

    private func end() {
        record { $0.hasEnded = true }
        connection.closeAfterFlush(within: .milliseconds(100))
        keeper = nil
    }
}
