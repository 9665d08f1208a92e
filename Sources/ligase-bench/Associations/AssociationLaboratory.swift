internal import DNSMessages
internal import Demonstration
internal import EventLoops
internal import Glibc
internal import HTTPTestSupport
internal import Synchronization
internal import TestSupport
internal import TransportSecurity
internal import XMPPModel

/// What surrounds those who prove remote domains: a signed tree with service and TLSA records, a web server with POSH
/// documents, and the remote servers themselves.
final class AssociationLaboratory {
    /// The zone above the remote domains; each of them is a signed zone of its own.
    static let suffix = "bench.test"
    /// Domains of Ligase's own: what one of them has had looked up, another one need not.
    static let locals = ["bench.example", "bench2.example"]
    static let secret = "bench-secret"

    /// How long everybody takes to answer besides what the work takes.
    struct Delays {
        var names = Duration.zero
        var documents = Duration.zero
        var streams = Duration.zero
    }

    let directory: TemporaryDirectory
    let anchorFile: String
    let authorityFile: String
    /// What Ligase presents.
    let ownCertificateFile: String
    let ownKeyFile: String
    /// What the remote servers present: one from the authority, and one that they signed themselves.
    let issuedFile: String
    let selfSignedFile: String
    let loop: EventLoop
    let scratch = PlaintextBuffer()
    /// Plays a remote server on a connection to it; called on the loop, with the moment at which it came.
    var accept: ((TCPConnection, LoopTime) -> Void)?
    private let domains: Int
    private let nameServer: EmbeddedNameServer
    private let webServer: ScriptedHTTPSServer
    private let contexts: [Bool: TLSContext]
    private let documentTimes: DocumentTimes
    private var streamDelay = Duration.zero

    var nameServerAddress: String { nameServer.address.description }
    var webServerAddress: String { webServer.address.description }

    /// - Parameter domains: How many remote domains there are.
    init(domains: Int) throws {
        self.domains = domains
        directory = try TemporaryDirectory(named: "associations")
        let authority = try BenchmarkAuthority()
        let issued = try authority.issue("*.\(Self.suffix)")
        let selfSigned = try authority.selfSigned()
        authorityFile = try authority.write(to: directory)
        (ownCertificateFile, ownKeyFile) = try authority.issue(Self.locals).write("own", to: directory)
        issuedFile = try issued.write("issued", to: directory).certificate
        selfSignedFile = try selfSigned.write("self-signed", to: directory).certificate
        contexts = [
            true: try TLSContext.server(defaultIdentity: issued.identity(), versions: .tls13 ... .tls13),
            false: try TLSContext.server(defaultIdentity: selfSigned.identity(), versions: .tls13 ... .tls13),
        ]
        loop = try EventLoop(name: "generator")
        let listener = try ListeningSocket.bind(to: SocketAddress("127.0.0.1:0"))
        let port = listener.localAddress?.port ?? 0
        let digest = Hexadecimal.encode(selfSigned.certificate.subjectPublicKeyInfoSHA256)
        var zones: [SignedZone] = [.signed("test"), .signed(Self.suffix)]
        for number in 0..<domains {
            zones.append(
                .signed(
                    Self.remote(number),
                    """
                    _xmpp-server._tcp SRV 0 0 \(port) xmpp
                    xmpp A 127.0.0.1
                    _\(port)._tcp.xmpp TLSA 3 1 1 \(digest)
                    """))
        }
        let hierarchy = try SignedHierarchy(zones, now: Int64(time(nil)))
        anchorFile = try directory.write(hierarchy.anchorText, to: "root.key")
        nameServer = try EmbeddedNameServer(zones: hierarchy.zones)
        let fingerprint = Base64.encode(selfSigned.certificate.sha256)
        let document = #"{"fingerprints":[{"sha-256":"\#(fingerprint)"}],"expires":86400}"#
        let times = DocumentTimes()
        documentTimes = times
        webServer = try ScriptedHTTPSServer(identity: issued.identity()) { _ in
            var reply = ScriptedReply(
                fields: [("Content-Type", "application/json")], body: Array(document.utf8))
            reply.delay = times.note()
            return reply
        }
        try loop.run {
            // The loop keeps it until the end.
            _ = try TCPListener(listener, on: loop) { [unowned self] socket in take(socket) }
        }
    }

    deinit {
        nameServer.stop()
        webServer.stop()
        loop.stop()
    }

    /// The remote domain of a number.
    static func remote(_ number: Int) -> String { "z\(number).\(suffix)" }

    /// What remote servers present in a measurement.
    func context(for kind: ProofKind) -> TLSContext? { contexts[kind.isIssued] }

    func certificateFile(for kind: ProofKind) -> String { kind.isIssued ? issuedFile : selfSignedFile }

    /// Has everybody take their time from now on.
    func setDelays(_ delays: Delays) {
        nameServer.setDelay(delays.names == .zero ? nil : delays.names)
        documentTimes.setDelay(delays.documents)
        loop.run { streamDelay = delays.streams }
    }

    /// When documents were, or will be, answered since the last call.
    func takeDocumentTimes() -> [LoopTime] { documentTimes.take() }

    private func take(_ socket: AcceptedSocket) {
        let moment = LoopTime.current
        func adopt() {
            guard let accept, let connection = try? socket.adopt(on: loop) else { return socket.refuse() }
            accept(connection, moment)
        }
        guard streamDelay > .zero else { return adopt() }
        loop.scheduleSoon(after: streamDelay) { adopt() }
    }

    /// What the web server's loop knows of delays, and what is known of its answers.
    private final class DocumentTimes: Sendable {
        private let state = Mutex<(delay: Duration, times: [LoopTime])>((.zero, []))

        func setDelay(_ delay: Duration) { state.withLock { $0 = (delay, []) } }

        func note() -> Duration? {
            state.withLock { state in
                state.times.append(LoopTime.current + state.delay)
                return state.delay == .zero ? nil : state.delay
            }
        }

        func take() -> [LoopTime] {
            state.withLock { state in
                defer { state.times = [] }
                return state.times
            }
        }
    }
}
