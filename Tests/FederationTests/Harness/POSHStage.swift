import Demonstration
import EventLoops
import Federation
import HTTPTestSupport
import Prooftypes
import Synchronization
import TestSupport
import TransportSecurity
import XMPPModel

/// A daemon with one component, and `b.example`, which a test plays, with its web server.
final class POSHStage: RemoteStage {
    let web: ScriptedHTTPSServer
    private let clock: TestClock

    static let path = "/.well-known/posh/xmpp-server.json"
    static let draftPath = "/.well-known/posh._xmpp-server._tcp.json"

    /// Seconds since 1970, which a test may move forward.
    final class TestClock: Sendable {
        private let offset = Mutex<Int64>(0)
        func now() -> Int64 { Network.now + offset.withLock { $0 } }
        func advance(by seconds: Int64) { offset.withLock { $0 += seconds } }
    }

    /// - Parameters:
    ///   - federation: Lines of `[federation]`.
    ///   - tables: Further tables of the configuration.
    ///   - remote: Lines of the `[[remote]]` for `b.example` besides the address of its web server.
    ///   - isGuarded: Whether documents may not come from private addresses.
    ///   - identity: The web server's certificate; nil for a good one, for `b.example` and `hosting.example`.
    init(
        federation: String = "", tables: String = "", remote: String = "", isGuarded: Bool = false, loops: Int = 1,
        identity: IssuedCertificate? = nil, retrievalLimit: Duration? = nil,
        observe: (@Sendable (FederationFact) -> Void)? = nil, script: @escaping ScriptedHTTPSServer.Script
    ) throws {
        let place = LoopbackAddress.unused()
        let listener = try ByteListener(at: Endpoint.unused(on: place))
        let network = try Network(
            zone: """
                _xmpp-server._tcp.b SRV 0 0 \(listener.endpoint.port) host
                host A \(place)
                hosting A 127.0.0.1

                """)
        web = try ScriptedHTTPSServer(
            identity: (identity ?? Network.issue("b.example", "hosting.example")).identity(), script: script)
        let clock = TestClock()
        self.clock = clock
        let node = try Node(
            "a", [.component("a.example")], in: network, loops: loops,
            settings: Self.settings(
                federation: federation, tables: tables, remote: remote, isGuarded: isGuarded, web: web),
            clock: { clock.now() }, retrievalLimit: retrievalLimit, observe: observe)
        try super.init(node, in: network, listener)
    }

    static func settings(
        federation: String = "", tables: String = "", remote: String = "", isGuarded: Bool = false,
        web: ScriptedHTTPSServer
    ) -> String {
        """
        [federation]
        \(federation)
        [posh]
        private_addresses = \(!isGuarded)
        \(tables)
        [[remote]]
        name = "b.example"
        posh_server = "\(web.address)"
        \(remote)
        """
    }

    /// What the web server was asked for.
    var targets: [String] { web.requests.map(\.target) }

    func advance(by seconds: Int64) { clock.advance(by: seconds) }

    // MARK: - Documents

    static func document(_ certificates: IssuedCertificate..., expires: Int64 = 3600) throws -> ScriptedReply {
        ScriptedReply(
            body: Array(
                try POSHPublication.document(.rfc7711, of: certificates.map(\.certificate), expires: expires).utf8))
    }

    static func reference(to url: String, expires: Int64 = 3600) throws -> ScriptedReply {
        ScriptedReply(body: Array(try POSHPublication.reference(to: url, expires: expires).utf8))
    }

    /// A URL on the web server under the name of a provider.
    func url(_ target: String) -> String { "https://hosting.example:\(web.address.port)\(target)" }

    /// Answers each path by its reply, and everything else with 404.
    func publish(_ replies: [String: ScriptedReply]) {
        web.follow { replies[$0.target] ?? ScriptedReply(404) }
    }

    // MARK: - Both directions

    /// A server that dials us as `b.example`, brought to the header of its stream under TLS.
    func dialling(with issued: IssuedCertificate) throws -> Peer {
        let peer = try secured(presenting: issued)
        try peer.send(Peer.header(from: "b.example", to: "a.example"))
        return peer
    }

    /// Whether a server that dials us as `b.example` is offered to authenticate.
    func offersExternal(to issued: IssuedCertificate) throws -> Bool {
        try dialling(with: issued).readFeatures().contains("EXTERNAL")
    }
}
