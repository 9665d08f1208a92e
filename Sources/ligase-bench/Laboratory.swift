internal import DNSMessages
internal import Demonstration
internal import EventLoops
internal import TestSupport
internal import TransportSecurity
internal import XMPPModel

/// What surrounds a server under test: an authority, certificates on P-256, a name server, and the loop of the load
/// generator.
final class Laboratory {
    /// The domain that the server under test hosts.
    static let domain = "bench.example"
    static let secret = "bench-secret"
    /// Below this are the remote domains; one wildcard certificate serves them all.
    static let remoteSuffix = "peer.example"
    /// How many remote domains the name server knows, `d0` onwards.
    static let remoteDomains = 20_000

    let certificateFile: String
    let keyFile: String
    let combinedFile: String
    let authorityFile: String
    let clientContext: TLSContext
    let serverContext: TLSContext
    let loop: EventLoop
    let scratch = PlaintextBuffer()
    /// Plays a remote server on a connection that the server under test made; used on the loop only.
    var accept: ((TCPConnection) -> Void)?
    private let nameServer: EmbeddedNameServer
    private let directory: TemporaryDirectory

    var nameServerAddress: String { nameServer.address.description }

    init() throws {
        directory = try TemporaryDirectory(named: "laboratory")
        let authority = try BenchmarkAuthority()
        // ejabberd 23.01 wants clientAuth in a client's certificate.
        let usage = PeerCertificate.ExtendedKeyUsage.only([.serverAuthentication, .clientAuthentication])
        let own = try authority.issue(Self.domain, usage: usage)
        let remote = try authority.issue("*.\(Self.remoteSuffix)", usage: usage).identity()
        (certificateFile, keyFile) = try own.write("own", to: directory)
        combinedFile = try directory.write(
            String(decoding: own.chainPEM + own.privateKeyPEM, as: UTF8.self), to: "combined.pem")
        authorityFile = try authority.write(to: directory)
        clientContext = try TLSContext.client(identity: remote, versions: .tls13 ... .tls13)
        serverContext = try TLSContext.server(defaultIdentity: remote, versions: .tls13 ... .tls13)
        loop = try EventLoop(name: "generator")
        let listener = try ListeningSocket.bind(to: SocketAddress("127.0.0.1:0"))
        nameServer = try EmbeddedNameServer(zones: Self.zones(port: listener.localAddress?.port ?? 0))
        try loop.run {
            // The loop keeps it until the end.
            _ = try TCPListener(listener, on: loop) { [unowned self] socket in
                guard let accept, let connection = try? socket.adopt(on: loop) else { return socket.refuse() }
                accept(connection)
            }
        }
    }

    deinit { loop.stop() }

    /// The remote domain of a number.
    static func remote(_ number: Int) -> String { "d\(number).\(remoteSuffix)" }

    private static func zones(port: UInt16) throws -> [EmbeddedZone] {
        // The target looks like an address, because ejabberd resolves targets through the C library, which knows
        // nothing of this server; the others ask here.
        let target = "127.0.0.1"
        var text = ""
        for number in 0..<remoteDomains {
            text += "_xmpp-server._tcp.d\(number) SRV 0 0 \(port) \(target).\n"
        }
        return [
            try EmbeddedZone(origin: remoteSuffix, text: text),
            try EmbeddedZone(origin: target, text: "@ A 127.0.0.1\n"),
        ]
    }
}
