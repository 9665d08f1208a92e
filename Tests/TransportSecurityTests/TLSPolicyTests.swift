import Testing
import TransportSecurity
import XMPPModel

@Suite("What TLS negotiates beside versions and suites")
struct TLSPolicyTests {
    /// Extensions by their numbers.
    private enum Extension {
        static let truncatedHMAC: UInt16 = 4
        static let extendedMasterSecret: UInt16 = 23
        static let sessionTicket: UInt16 = 35
        static let preSharedKey: UInt16 = 41
        static let earlyData: UInt16 = 42
        static let renegotiationInfo: UInt16 = 0xFF01
        /// The suite that stands for renegotiation_info.
        static let renegotiationSuite: UInt16 = 0x00FF
    }

    private static func hello(of context: TLSContext) throws -> ClientHello {
        var output: [UInt8] = []
        try TLSSession(context: context, serverName: "a.example").startHandshake(output: &output)
        return try #require(ClientHello(output))
    }

    @Test func `TP-04: no compression, no truncated HMAC, and keys bound to their handshake`() throws {
        let hello = try Self.hello(of: try TLSContext.client())
        #expect(hello.compressions == [0])
        #expect(!hello.extensions.contains(Extension.truncatedHMAC))
        #expect(hello.extensions.contains(Extension.extendedMasterSecret))
        #expect(
            hello.extensions.contains(Extension.renegotiationInfo)
                || hello.suites.contains(Extension.renegotiationSuite))
        let pair = try SessionPair(server: Fixtures.identity("a.example"), versions: .tls12 ... .tls12)
        try pair.handshake()
        #expect(pair.client.hasExtendedMasterSecret && pair.server.hasExtendedMasterSecret)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `TP-05, TP-06: nothing is resumed, so no early data and no ticket of another domain`(
        version: TLSVersion
    ) throws {
        let client = try TLSContext.client(versions: version...version)
        let server = try TLSContext.server(
            defaultIdentity: Fixtures.identity("a.example"), versions: version...version)
        for _ in 1...2 {
            let hello = try Self.hello(of: client)
            for type in [Extension.sessionTicket, Extension.preSharedKey, Extension.earlyData] {
                #expect(!hello.extensions.contains(type), "extension \(type)")
            }
            let pair = SessionPair(client: try TLSSession(context: client), server: try TLSSession(context: server))
            try pair.handshake()
            // Only a full handshake shows certificates again.
            #expect(pair.client.peerCertificates.first?.subject == "CN=a.example")
            try pair.sendFromServer([1])
            try pair.pump()
        }
    }

    @Test func `TP-08: an unknown server name gets the default chain`() throws {
        let other = try Fixtures.identity("b.example")
        let pair = try SessionPair(
            server: Fixtures.identity("a.example"), serverName: "unknown.example",
            identities: { $0 == "b.example" ? other : nil })
        try pair.handshake()
        #expect(pair.client.peerCertificates.first?.subject == "CN=a.example")
    }
}
