import DNSMessages
import Demonstration
import EventLoops
import TestSupport
import TransportSecurity
import XMPPModel

/// A name server, and questions to it over connections of their own.
struct Asking {
    let server: EmbeddedNameServer

    init(zones: [EmbeddedZone], identity: TLSIdentity? = nil) throws {
        server = try EmbeddedNameServer(zones: zones, identity: identity)
    }

    func ask(_ name: String, _ type: RecordType, wantsSignatures: Bool = true) throws -> DNSResponse {
        let connection = try Self.connection(to: server.address.port)
        try connection.send(Self.message(name, type, wantsSignatures))
        return try Self.response { try connection.receive(before: .after(.seconds(10))) }
    }

    func askSecurely(
        _ name: String, _ type: RecordType
    ) throws -> (response: DNSResponse, certificates: [PeerCertificate]) {
        let connection = try Self.connection(to: server.secureAddress?.port ?? 0)
        let session = try TLSSession(context: .client(), serverName: "dns.test")
        let scratch = PlaintextBuffer()
        var output: [UInt8] = []
        try session.startHandshake(output: &output)
        var received: [UInt8] = []
        var hasAsked = false
        let response = try Self.response {
            while received.isEmpty {
                if session.state == .established, !hasAsked {
                    hasAsked = true
                    let message = try Self.message(name, type, true)
                    message.withUnsafeBytes { bytes in try? session.send(bytes, output: &output) }
                }
                try connection.send(output)
                output = []
                let piece = try connection.receive(before: .after(.seconds(10)))
                guard !piece.isEmpty else { return [] }
                try piece.withUnsafeBytes { bytes in
                    _ = try session.receive(bytes, scratch: scratch, output: &output) {
                        received.append(contentsOf: $0)
                    }
                }
            }
            defer { received = [] }
            return received
        }
        return (response, session.peerCertificates)
    }

    private static func connection(to port: UInt16) throws -> ByteConnection {
        try ByteConnection(to: Endpoint(.first, port: port))
    }

    private static func message(_ name: String, _ type: RecordType, _ wantsSignatures: Bool) throws -> [UInt8] {
        let question = DNSQuestion(try DNSName(name), type)
        let message = try DNSQuery(identifier: 7, question: question, wantsSignatures: wantsSignatures).encode()
        return [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
    }

    private static func response(from receive: () throws -> [UInt8]) throws -> DNSResponse {
        var received: [UInt8] = []
        while received.count < 2 || received.count < 2 + Int(received[0]) << 8 + Int(received[1]) {
            let piece = try receive()
            guard !piece.isEmpty else { throw HarnessFailure.malformed("no answer") }
            received += piece
        }
        return try DNSResponse(decoding: Array(received[2...]))
    }
}
