import EventLoops
import Synchronization
import TransportSecurity
import XMPPModel

/// An XMPP server on a loopback address that opens streams as a test wants, and remembers what it was told.
final class ScriptedXMPPServer: Sendable {
    /// How it behaves.
    struct Manner: Sendable {
        /// What it presents; nil: TLS fails.
        var identity: TLSIdentity?
        var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
        /// Whether TLS comes first.
        var directTLS = false
        /// ALPN that it agrees to on direct TLS.
        var applicationProtocols: [String] = []
        /// The default namespace of its header.
        var namespace = "jabber:server"
        /// `from` of its header; nil for none.
        var from: String?
        /// What stands in its features in clear; nil: it sends nothing after its header.
        var clear: String? = Self.startTLS
        /// What stands in its features under TLS; nil: it sends nothing after its header.
        var protected: String? = ""
        /// The answer to `<starttls/>`; nil for none.
        var proceed: String? = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
        /// What is sent in place of header and features, in clear and under TLS.
        var inPlaceOfClear: String?
        var inPlaceOfProtected: String?
        /// Whether `<starttls/>` is granted.
        var grantsTLS = true

        /// The answer to `<auth/>`.
        var authentication = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"

        /// The answer to `<db:result/>`; nil for none.
        var dialbackAnswer: String?

        static let startTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
        static let dialback = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"
        static let external =
            "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
    }

    let address: SocketAddress
    let manner: Manner
    private let loop: EventLoop
    private let lines = Mutex<[String]>([])

    init(_ manner: Manner, host: String = "127.0.0.1") throws {
        self.manner = manner
        let context = try TLSContext.server(defaultIdentity: manner.identity, versions: manner.versions)
        let socket = try ListeningSocket.bind(to: SocketAddress(host: host, port: 0))
        let loop = try EventLoop(name: "xmpp server")
        address = socket.localAddress ?? .loopbackIPv4(port: 0)
        self.loop = loop
        try loop.run { () throws(ListenFailure) in
            _ = try TCPListener(socket, on: loop) { [weak self] accepted in
                guard let self, let connection = try? accepted.adopt(on: loop) else { return }
                ScriptedXMPPConnection.serve(connection, context: context, for: self)
            }
        }
    }

    deinit { loop.stop() }

    var port: UInt16 { address.port }

    /// What was said to it, word by word, with the switch to TLS and the end of it between.
    var transcript: [String] { lines.withLock { $0 } }

    func note(_ line: String) { lines.withLock { $0.append(line) } }
}

/// One connection of a scripted server.
private final class ScriptedXMPPConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let context: TLSContext
    private let server: ScriptedXMPPServer
    private let manner: ScriptedXMPPServer.Manner
    private var session: TLSSession?
    private let scratch = PlaintextBuffer()
    private var text = ""
    /// Itself, while the connection is open: the connection holds its delegate weakly.
    private var keeper: ScriptedXMPPConnection?

    static func serve(_ connection: TCPConnection, context: TLSContext, for server: ScriptedXMPPServer) {
        let service = ScriptedXMPPConnection(connection, context, server)
        service.keeper = service
        connection.delegate = service
        if server.manner.directTLS { service.beginTLS() }
    }

    private init(_ connection: TCPConnection, _ context: TLSContext, _ server: ScriptedXMPPServer) {
        self.connection = connection
        self.context = context
        self.server = server
        manner = server.manner
    }

    private func beginTLS() {
        session = try? TLSSession(
            context: context, applicationProtocols: manner.directTLS ? manner.applicationProtocols : [])
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        guard let session else {
            text += String(decoding: bytes, as: UTF8.self)
            return answer()
        }
        var output: [UInt8] = []
        var isAlive = true
        do throws(TLSFailure) {
            let progress = try session.receive(bytes, scratch: scratch, output: &output) {
                text += String(decoding: $0, as: UTF8.self)
            }
            if progress.contains(.handshakeCompleted) {
                let name = session.requestedServerName ?? ""
                let alpn = session.negotiatedApplicationProtocol ?? ""
                let certificate = session.peerCertificates.first?.subject ?? "none"
                server.note("[TLS, server name \(name), ALPN \(alpn), certificate \(certificate)]")
            }
            if progress.contains(.closedByPeer) { isAlive = false }
        } catch {
            server.note("[\(error)]")
            isAlive = false
        }
        if !output.isEmpty { connection.write(output) }
        answer()
        guard !isAlive else { return }
        server.note("[end of TLS]")
        end()
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        server.note("[end]")
        end()
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { keeper = nil }

    private func answer() {
        while let end = endOfFirstTag {
            let tag = String(text[..<end])
            text = String(text[end...])
            server.note(tag)
            answer(tag)
        }
    }

    /// Behind the first tag that is not an XML declaration.
    private var endOfFirstTag: String.Index? {
        guard let close = text.firstRange(of: ">")?.upperBound else { return nil }
        guard text.hasPrefix("<?xml") else { return close }
        return text[close...].firstRange(of: ">")?.upperBound
    }

    private func answer(_ tag: String) {
        if tag.contains("<stream:stream ") {
            let isProtected = session != nil
            if let words = isProtected ? manner.inPlaceOfProtected : manner.inPlaceOfClear { return send(words) }
            let from = manner.from.map { " from='\($0)'" } ?? ""
            send(
                "<?xml version='1.0'?><stream:stream xmlns='\(manner.namespace)'"
                    + " xmlns:stream='http://etherx.jabber.org/streams'\(from) id='x' version='1.0'>")
            if let features = isProtected ? manner.protected : manner.clear {
                send("<stream:features>\(features)</stream:features>")
            }
        } else if tag.hasPrefix("<starttls") {
            guard let proceed = manner.proceed else { return }
            send(proceed)
            if manner.grantsTLS { beginTLS() }
        } else if tag.hasSuffix("</auth>") {
            send(manner.authentication)
        } else if tag.hasSuffix("</db:result>") {
            if let answer = manner.dialbackAnswer { send(answer) }
        } else if tag == "</stream:stream>" {
            send("</stream:stream>")
            end()
        }
    }

    private func send(_ text: String) {
        let bytes = Array(text.utf8)
        guard let session else { return connection.write(bytes) }
        var output: [UInt8] = []
        bytes.withUnsafeBytes { try? session.send($0, output: &output) }
        if !output.isEmpty { connection.write(output) }
    }

    private func end() {
        if let session { connection.withOutputBuffer { session.sendCloseNotify(output: &$0) } }
        connection.closeAfterFlush()
        keeper = nil
    }
}
