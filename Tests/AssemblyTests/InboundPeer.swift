import TestSupport
import TransportSecurity
import XMPPModel

/// A server that dials the daemon, authenticates over STARTTLS, and then says what a test wants.
final class InboundPeer {
    private let connection: ByteConnection
    private let scratch = PlaintextBuffer()
    private var session: TLSSession?
    private var text = ""
    private var hasEnded = false

    init(at endpoint: Endpoint, from sender: String, to target: String, presenting identity: TLSIdentity) throws {
        connection = try ByteConnection(to: endpoint)
        let header =
            "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
            + " from='\(sender)' to='\(target)' version='1.0'>"
        try send(header)
        try read(until: "</stream:features>")
        try send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        try read(until: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        let session = try TLSSession(context: .client(identity: identity))
        self.session = session
        var hello: [UInt8] = []
        try session.startHandshake(output: &hello)
        try connection.send(hello)
        while !session.isEstablished { try receive(before: .after(.seconds(15))) }
        try send(header)
        let features = try read(until: "</stream:features>")
        guard features.contains("EXTERNAL") else { throw HarnessFailure.malformed("no EXTERNAL: \(features)") }
        try send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>")
        try read(until: "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
        try send(header)
        try read(until: "<stream:features")
        try read(until: ">")
    }

    /// What the daemon presented.
    var certificate: PeerCertificate? { session?.peerCertificates.first }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard let session else { return try connection.send(bytes) }
        var output: [UInt8] = []
        try bytes.withUnsafeBytes { try session.send($0, output: &output) }
        try connection.send(output)
    }

    @discardableResult
    func read(until marker: String, within limit: Duration = .seconds(15)) throws -> String {
        let deadline = Deadline.after(limit)
        while true {
            if let end = text.firstRange(of: marker)?.upperBound {
                let found = String(text[..<end])
                text = String(text[end...])
                return found
            }
            guard !hasEnded else { throw HarnessFailure.connectionClosed(while: "waiting for \(marker) after \(text)") }
            try receive(before: deadline)
        }
    }

    private func receive(before deadline: Deadline) throws {
        let bytes = try connection.receive(before: deadline)
        guard !bytes.isEmpty else {
            hasEnded = true
            return
        }
        guard let session else {
            text += String(decoding: bytes, as: UTF8.self)
            return
        }
        var output: [UInt8] = []
        try bytes.withUnsafeBytes { input in
            _ = try session.receive(input, scratch: scratch, output: &output) {
                text += String(decoding: $0, as: UTF8.self)
            }
        }
        if !output.isEmpty { try connection.send(output) }
    }
}
