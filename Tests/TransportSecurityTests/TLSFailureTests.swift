import Testing
import XMPPModel

@testable import TransportSecurity

@Suite("TLS sessions that fail")
struct TLSFailureTests {
    private func server(_ key: CertificateTemplate.Key = .p256) throws -> SessionPair {
        try SessionPair(server: Fixtures.issue("a.example") { $0.key = key }.identity(), accepted: ["xmpp-server"])
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\n\r\n".utf8), Array("<?xml version='1.0'?><stream:stream>".utf8),
        [UInt8](repeating: 0, count: 100), [22, 3, 1, 0xFF, 0xFF, 1, 2, 3], [21, 3, 1, 0, 2, 2, 40],
        [23, 3, 3, 0, 5, 1, 2, 3, 4, 5],
    ])
    func `TL-06: garbage instead of a ClientHello fails, once and for all`(bytes: [UInt8]) throws {
        let pair = try server()
        let first = #expect(throws: TLSFailure.self) { try pair.deliverToServer(bytes) }
        let second = #expect(throws: TLSFailure.self) { try pair.deliverToServer([1]) }
        #expect(first == second)
        #expect(pair.receivedByServer.isEmpty)
        #expect(!pair.server.isEstablished)
        #expect(throws: TLSFailure.self) { try pair.sendFromServer([1]) }
        #expect(pair.server.peerCertificates.isEmpty && pair.server.version == nil)
    }

    @Test(arguments: [0x0300, 0x0301, 0x0302] as [UInt16])
    func `TP-01: a ClientHello of an old version gets alert 70`(version: UInt16) throws {
        let pair = try server()
        // ECDHE-ECDSA-AES128-SHA, which those versions have.
        let hello = ScriptedHello.client(version: version, suites: [0xC009, 0xC013, 0x002F])
        let failure = #expect(throws: TLSFailure.self) { try pair.deliverToServer(hello) }
        // SSL 3.0 does not know that alert yet.
        let expected = version == 0x0300 ? TLSAlert.handshakeFailure : .protocolVersion
        guard case .handshakeFailed(_, expected) = failure else {
            Issue.record("unexpected \(String(describing: failure))")
            return
        }
        #expect(pair.toClient.suffix(2) == [2, expected.rawValue])
    }

    @Test(arguments: [0x0301, 0x0302] as [UInt16])
    func `TP-01: a ServerHello of an old version is refused`(version: UInt16) throws {
        let pair = try server()
        try pair.client.startHandshake(output: &pair.toServer)
        let hello = ScriptedHello.server(version: version, suite: 0xC009)
        let failure = #expect(throws: TLSFailure.self) { try pair.deliverToClient(hello) }
        guard case .handshakeFailed(_, .protocolVersion) = failure else {
            Issue.record("unexpected \(String(describing: failure))")
            return
        }
    }

    /// Static RSA, CBC, finite-field DHE, anonymous, NULL, RC4.
    @Test(arguments: [0x002F, 0x0035, 0x009C, 0xC009, 0xC013, 0xC023, 0x009E, 0xC018, 0x0002, 0x0005] as [UInt16])
    func `TP-02: a suite outside the policy gets alert 40`(suite: UInt16) throws {
        for key in [CertificateTemplate.Key.p256, .rsa(2048)] {
            let pair = try server(key)
            let hello = ScriptedHello.client(version: 0x0303, suites: [suite])
            #expect(throws: TLSFailure.self) { try pair.deliverToServer(hello) }
            #expect(pair.toClient.suffix(2) == [2, 40])
        }
    }

    @Test(arguments: [(0xC02B, true), (0xC02C, true), (0xC02F, false), (0xC030, false)] as [(UInt16, Bool)])
    func `TP-02: the four recommended suites succeed with a fitting key`(suite: UInt16, isECDSA: Bool) throws {
        let pair = try server(isECDSA ? .p256 : .rsa(2048))
        try pair.deliverToServer(ScriptedHello.client(version: 0x0303, suites: [suite]))
        #expect(ScriptedHello.chosenSuite(pair.toClient) == suite)
    }

    @Test(arguments: TLSSessionTests.bothVersions)
    func `The end of the transport is truncation unless close_notify came first`(version: TLSVersion) throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"), versions: version...version)
        #expect(throws: TLSFailure.truncated(duringHandshake: true)) {
            try TLSSession(context: pair.server.context).transportEnded()
        }
        try pair.handshake()
        try pair.sendFromClient([1])
        pair.client.sendCloseNotify(output: &pair.toServer)
        pair.client.sendCloseNotify(output: &pair.toServer)
        #expect(throws: TLSFailure.closed) { try pair.sendFromClient([2]) }
        try pair.pump()
        #expect(pair.server.state == .closedByPeer)
        try pair.server.transportEnded()
        #expect(pair.receivedByServer == [1])

        // The other direction is still open, until it is cut.
        try pair.sendFromServer([3])
        try pair.pump()
        #expect(pair.receivedByClient == [3])
        #expect(throws: TLSFailure.truncated(duringHandshake: false)) { try pair.client.transportEnded() }
    }

    @Test func `What follows close_notify is not looked at`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"))
        try pair.handshake()
        pair.client.sendCloseNotify(output: &pair.toServer)
        pair.toServer += Array("<stream:stream>".utf8)
        #expect(try pair.deliverToServer(pair.toServer) == .closedByPeer)
        #expect(try pair.deliverToServer([1, 2, 3]) == [])
        #expect(pair.receivedByServer.isEmpty)
    }

    @Test(arguments: TLSSessionTests.bothVersions)
    func `A changed octet anywhere in a record ends the session`(version: TLSVersion) throws {
        for position in [0, 1, 4, 5, 12, 30, -1] {
            let pair = try SessionPair(server: Fixtures.identity("a.example"), versions: version...version)
            try pair.handshake()
            try pair.sendFromClient([1, 2, 3])
            let intact = pair.toServer.count
            try pair.sendFromClient([UInt8](repeating: 9, count: 40))
            pair.toServer[position < 0 ? pair.toServer.count - 1 : intact + position] ^= 0x41
            // A longer length just waits for more: give it more.
            let bytes = pair.toServer + [UInt8](repeating: 0, count: 20_000)
            #expect(throws: TLSFailure.self) { try pair.deliverToServer(bytes) }
            // What came before is genuine; what came after is nothing.
            #expect(pair.receivedByServer == [1, 2, 3])
            #expect(throws: TLSFailure.self) { try pair.deliverToServer([0]) }
        }
    }

    @Test func `TL-13: a renegotiation attempt ends the session`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"), versions: .tls12 ... .tls12)
        try pair.handshake()
        pair.client.attemptRenegotiation(output: &pair.toServer)
        #expect(!pair.toServer.isEmpty)
        #expect(throws: TLSFailure.renegotiationAttempted) { try pair.deliverToServer(pair.toServer) }
        #expect(throws: TLSFailure.renegotiationAttempted) { try pair.sendFromServer([1]) }
        #expect(pair.receivedByServer.isEmpty)
    }

    @Test func `Nothing can be sent before the handshake is complete`() throws {
        let pair = try server()
        #expect(throws: TLSFailure.notEstablished) { try pair.sendFromClient([1]) }
        pair.client.sendCloseNotify(output: &pair.toServer)
        #expect(pair.toServer.isEmpty)
    }

    @Test func `The first thing an established client reads may be an alert, and its kind is known`() throws {
        let pair = try SessionPair(server: Fixtures.identity("a.example"), client: Fixtures.identity("b.example"))
        try pair.client.startHandshake(output: &pair.toServer)
        try pair.deliverToServer(pair.toServer)
        pair.toServer = []
        #expect(try pair.deliverToClient(pair.toClient) == .handshakeCompleted)
        pair.toClient = []
        pair.toServer[pair.toServer.count - 1] ^= 1
        #expect(throws: TLSFailure.self) { try pair.deliverToServer(pair.toServer) }
        #expect(throws: TLSFailure.alertReceived(.badRecordMAC)) { try pair.deliverLastWords() }

        let about = [42, 43, 44, 45, 46, 48, 116].map { TLSAlert(rawValue: $0) }
        #expect(about.allSatisfy { $0.concernsCertificate })
        let others = [0, 10, 20, 40, 70, 80, 112, 120].map { TLSAlert(rawValue: $0) }
        #expect(!others.contains { $0.concernsCertificate })
        #expect(TLSAlert(rawValue: 116).description == "certificate_required (116)")
    }
}
