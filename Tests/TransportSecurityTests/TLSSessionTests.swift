import Testing
import TransportSecurity
import XMPPModel

@Suite("TLS sessions without a socket")
struct TLSSessionTests {
    static let bothVersions: [TLSVersion] = [.tls12, .tls13]

    @Test(arguments: bothVersions)
    func `TP-01: both versions complete and report themselves`(version: TLSVersion) throws {
        let pair = try SessionPair(
            server: Fixtures.identity("a.example"), versions: version...version, serverName: "a.example")
        try pair.handshake()
        #expect(pair.client.version == version)
        #expect(pair.server.version == version)
        #expect(pair.server.requestedServerName == "a.example")
        #expect(pair.client.cipherSuite?.contains("AES_128_GCM") == true)
        #expect(pair.client.cipherSuite == pair.server.cipherSuite)
        #expect(pair.client.hasExtendedMasterSecret && pair.server.hasExtendedMasterSecret)
    }

    @Test func `TP-01: version 1.3 is preferred, and 1.2 refused where it is excluded`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.handshake()
        #expect(pair.client.version == .tls13)

        let strict = try TLSContext.server(defaultIdentity: Fixtures.identity("a.example"), versions: .tls13 ... .tls13)
        let old = try TLSContext.client(versions: .tls12 ... .tls12)
        let refused = SessionPair(client: try TLSSession(context: old), server: try TLSSession(context: strict))
        #expect(throws: TLSFailure.self) { try refused.handshake() }
        #expect(throws: TLSFailure.alertReceived(.protocolVersion)) { try refused.deliverLastWords() }
    }

    @Test(arguments: bothVersions, [1, 2, 3, 5, 7, 64, 1000])
    func `A handshake may arrive in any pieces`(version: TLSVersion, chunk: Int) throws {
        let pair = try SessionPair(
            server: Fixtures.identity("a.example"), client: Fixtures.identity("b.example"),
            versions: version...version)
        try pair.handshake(chunk: chunk)
        try pair.sendFromClient(Array("from client".utf8))
        try pair.sendFromServer(Array("from server".utf8))
        try pair.pump(chunk: chunk)
        #expect(pair.receivedByServer == Array("from client".utf8))
        #expect(pair.receivedByClient == Array("from server".utf8))
    }

    @Test func `A ClientHello may be split at every position`() throws {
        let context = try TLSContext.client()
        let serverContext = try TLSContext.server(defaultIdentity: Fixtures.identity("a.example"))
        var hello: [UInt8] = []
        try TLSSession(context: context, serverName: "a.example").startHandshake(output: &hello)
        for position in 0...hello.count {
            let pair = SessionPair(
                client: try TLSSession(context: context, serverName: "a.example"),
                server: try TLSSession(context: serverContext))
            try pair.client.startHandshake(output: &pair.toServer)
            let bytes = pair.toServer
            pair.toServer = []
            try pair.deliverToServer(Array(bytes[..<min(position, bytes.count)]))
            try pair.deliverToServer(Array(bytes[min(position, bytes.count)...]))
            try pair.pump()
            #expect(pair.server.isEstablished && pair.client.isEstablished)
        }
    }

    @Test func `The last flight and the first data may arrive together, and progress says so once`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.client.startHandshake(output: &pair.toServer)
        #expect(try pair.deliverToServer(pair.toServer) == [])
        pair.toServer = []
        #expect(try pair.deliverToClient(pair.toClient) == .handshakeCompleted)
        pair.toClient = []
        try pair.sendFromClient([1, 2, 3])
        pair.client.sendCloseNotify(output: &pair.toServer)
        #expect(try pair.deliverToServer(pair.toServer) == [.handshakeCompleted, .closedByPeer])
        #expect(pair.receivedByServer == [1, 2, 3])
    }

    @Test(arguments: [1, 13, 700, 4096, 16_383, 16_405, 65_536, 1 << 21])
    func `A megabyte passes in odd pieces`(chunk: Int) throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.handshake()
        let count = chunk == 1 ? 20_000 : 1 << 20
        let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var position = 0
        var size = 1
        while position < data.count {
            let end = min(data.count, position + size)
            try pair.sendFromClient(Array(data[position..<end]))
            position = end
            size = size * 3 + 1
        }
        try pair.pump(chunk: chunk)
        #expect(pair.receivedByServer == data)
    }

    @Test func `Many records in one read come as one delivery`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.handshake()
        for number in 0..<100 { try pair.sendFromClient([UInt8(number)]) }
        let before = pair.deliveries
        try pair.deliverToServer(pair.toServer)
        #expect(pair.receivedByServer == (0..<100).map { UInt8($0) })
        #expect(pair.deliveries == before + 1)
    }

    @Test func `TL-08: SNI chooses among hosted domains, letter case and final dot aside`() throws {
        let identities = [
            "a.example": try Fixtures.identity("a.example"), "b.example": try Fixtures.identity("b.example"),
        ]
        let fallback = try Fixtures.identity("default.example")
        let expected: [(String?, String)] = [
            ("a.example", "a.example"), ("B.Example", "b.example"), (nil, "default.example"),
            // TP-08: an unknown name is not an error.
            ("unknown.example", "default.example"),
        ]
        for (name, subject) in expected {
            let pair = try SessionPair(server: fallback, serverName: name) { identities[$0] }
            try pair.handshake()
            #expect(pair.client.peerCertificates.first?.subject == "CN=\(subject)")
        }
    }

    @Test func `TL-08: an identity chosen by the stream header comes before SNI`() throws {
        let other = try Fixtures.identity("a.example")
        let context = try TLSContext.server(defaultIdentity: nil) { _ in other }
        let chosen = try Fixtures.identity("b.example")
        let pair = SessionPair(
            client: try TLSSession(context: .client(), serverName: "a.example"),
            server: try TLSSession(context: context, identity: chosen))
        try pair.handshake()
        #expect(pair.client.peerCertificates.first?.subject == "CN=b.example")
        #expect(pair.server.localCertificateWasSent)
    }

    @Test func `A server without any identity refuses, and does not crash`() throws {
        let context = try TLSContext.server(defaultIdentity: nil)
        let pair = SessionPair(
            client: try TLSSession(context: .client()), server: try TLSSession(context: context))
        #expect(throws: TLSFailure.self) { try pair.handshake() }
        #expect(throws: TLSFailure.alertReceived(.handshakeFailure)) { try pair.deliverLastWords() }
    }

    @Test(arguments: bothVersions, ["none", "self-signed", "valid"])
    func `TL-08: any client certificate, or none, completes the handshake`(version: TLSVersion, kind: String) throws {
        let client: TLSIdentity? =
            switch kind {
            case "valid": try Fixtures.identity("b.example")
            case "self-signed": try CertificateAuthority.selfSigned(Fixtures.template("b.example")).identity()
            default: nil
            }
        let pair = try SessionPair(
            server: Fixtures.identity("a.example"), client: client, versions: version...version)
        try pair.handshake()
        #expect(pair.server.peerCertificates == client?.certificates ?? [])
        #expect(pair.client.localCertificateWasSent == (client != nil))
        #expect(pair.client.peerCertificates.first?.subject == "CN=a.example")
    }

    @Test func `TL-09: the chain is presented leaf first with its intermediates`() throws {
        let middle = try Fixtures.root.get().subordinate(Fixtures.authority("Test Intermediate"))
        let server = try middle.issue(Fixtures.template("a.example"))
        let client = try middle.issue(Fixtures.template("b.example"))
        let pair = try SessionPair(server: server.identity(), client: client.identity())
        try pair.handshake()
        #expect(pair.client.peerCertificates == server.chain)
        #expect(pair.server.peerCertificates == client.chain)
        #expect(server.chain.map(\.subject) == ["CN=a.example", "CN=Test Intermediate"])
    }

    @Test func `TL-11: an offer of xmpp-server or of nothing is accepted`() throws {
        for (offered, expected) in [(["h2", "xmpp-server"], "xmpp-server" as String?), ([], nil)] {
            let pair = try SessionPair(
                server: Fixtures.identity("a.example"), offered: offered, accepted: ["xmpp-server"])
            try pair.handshake()
            #expect(pair.client.negotiatedApplicationProtocol == expected)
            #expect(pair.server.negotiatedApplicationProtocol == expected)
        }
    }

    @Test func `TL-11: an offer without xmpp-server gets alert 120`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"), offered: ["h2"], accepted: ["xmpp-server"])
        let failure = #expect(throws: TLSFailure.self) { try pair.handshake() }
        guard case .handshakeFailed(_, .noApplicationProtocol) = failure else {
            Issue.record("unexpected \(String(describing: failure))")
            return
        }
        #expect(throws: TLSFailure.alertReceived(TLSAlert(rawValue: 120))) { try pair.deliverLastWords() }
    }

    @Test func `A closure may send on its session, and drop it`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.handshake()
        try pair.sendFromClient([1])
        let scratch = PlaintextBuffer()
        var alerts: [UInt8] = []
        var answer: [UInt8] = []
        try pair.toServer.withUnsafeBytes { bytes in
            _ = try pair.server.receive(bytes, scratch: scratch, output: &alerts) { plaintext in
                let copy = Array(plaintext)
                try? copy.withUnsafeBytes { try pair.server.send($0, output: &answer) }
            }
        }
        try pair.deliverToClient(answer)
        #expect(pair.receivedByClient == [1])

        var droppable: SessionPair? = try SessionPair(server: Fixtures.identity("a.example"))
        try droppable?.handshake()
        try droppable?.sendFromClient([2])
        let bytes = droppable?.toServer ?? []
        var seen: [UInt8] = []
        if let server = droppable?.server {
            _ = try bytes.withUnsafeBytes { buffer in
                try server.receive(buffer, scratch: scratch, output: &alerts) {
                    droppable = nil
                    seen += $0
                }
            }
        }
        #expect(seen == [2])
    }

    @Test func `A buffer that is being read is not overwritten by another session`() throws {
        let first = try SessionPair(server: Fixtures.identity("a.example"))
        let second = try SessionPair(server: Fixtures.identity("a.example"))
        try first.handshake()
        try second.handshake()
        try first.sendFromClient([1, 1, 1])
        try second.sendFromClient([2, 2, 2])
        let scratch = PlaintextBuffer()
        var output: [UInt8] = []
        var inner: [UInt8] = []
        var outer: [UInt8] = []
        try first.toServer.withUnsafeBytes { bytes in
            _ = try first.server.receive(bytes, scratch: scratch, output: &output) { plaintext in
                var otherOutput: [UInt8] = []
                second.toServer.withUnsafeBytes { otherBytes in
                    _ = try? second.server.receive(otherBytes, scratch: scratch, output: &otherOutput) { inner += $0 }
                }
                outer += plaintext
            }
        }
        #expect(inner == [2, 2, 2])
        #expect(outer == [1, 1, 1])
    }
}
