import Demonstration
import Diagnostics
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A daemon with one component that sends to `b.example`, which a test plays.
@Suite("streams that we open")
struct OutboundTests {
    /// A daemon, its component, and the sockets that its name server leads to.
    private final class Stage {
        let network: Network
        let node: Node
        let component: ComponentClient
        let listener: ByteListener
        let place: LoopbackAddress

        init(settings: String = "", domain: Node.Domain = .component("a.example"), usesDNS: Bool = true) throws {
            network = try Network()
            place = LoopbackAddress.unused()
            listener = try ByteListener(at: Endpoint.unused(on: place))
            if usesDNS {
                try network.setZone("_xmpp-server._tcp.b SRV 0 0 \(listener.endpoint.port) host\nhost A \(place)\n")
            }
            // POSH asks for addresses of its own.
            let federation = "[federation]\nprooftypes = [\"dane\", \"pkix\"]\n"
            node = try Node("a", [domain], in: network, settings: federation + settings)
            component = try node.connect("a.example")
        }

        func send(_ body: String = "hello", to domain: String = "b.example") throws {
            try component.send(Peer.message("x@a.example", "u@\(domain)", body))
        }

        func accept() throws -> Peer { try Peer(accepted: listener.accept()) }

        /// The error that came back, as condition and type.
        func bounce(_ condition: String) throws -> String? {
            let error = try component.receive()
            return error.contains(condition) ? error.stanzaError?.type : error.description
        }
    }

    @Test func `SE-04: our domain is the identity, and nothing but elements crosses the negotiation`() async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            let peer = try stage.accept()
            let header = try peer.serveHeader("b.example", Peer.offer)
            // XS-01, TL-12: the first byte is that of a stream.
            #expect(header.hasPrefix("<?xml") || header.hasPrefix("<stream:stream"))
            #expect(header.contains("from='a.example'") && header.contains("to='b.example'"))
            #expect(!header.contains(" id="))
            // TL-04: not a space before the command.
            #expect(try peer.read(until: Peer.startTLS) == Peer.startTLS)
            try peer.send(Peer.proceed)
            try peer.secureAsServer(with: Network.issue("b.example").identity())
            // TL-09: the certificate of the stream's sender.
            #expect(peer.session?.peerCertificates.first?.subject.contains("a.example") == true)
            #expect(peer.session?.requestedServerName == "b.example")
            try peer.serveHeader("b.example", Peer.mechanisms)
            let auth = try peer.read(until: "</auth>")
            #expect(auth == "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>YS5leGFtcGxl</auth>")
            try peer.send(Peer.success)
            try peer.serveHeader("b.example", "<stream:features/>")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    @Test func `TL-03: features forged behind proceed have no effect`() async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            let peer = try stage.accept()
            try peer.serveHeader("b.example", Peer.offer)
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed + Peer.mechanisms)
            do {
                try peer.secureAsServer(with: Network.issue("b.example").identity())
                let header = try peer.serveHeader("b.example", Peer.mechanisms)
                #expect(!header.contains("auth"))
            } catch {
                #expect(try stage.bounce("remote-server-timeout") == "wait")
            }
        }
    }

    @Test(arguments: [true, false])
    func `TL-07: nothing goes in clear when TLS is not offered or refused`(isOffered: Bool) async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            let peer = try stage.accept()
            try peer.serveHeader("b.example", isOffered ? Peer.offer : "<stream:features/>")
            try peer.read(until: Peer.startTLS)
            try peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
            #expect(try peer.readToEnd() == "</stream:stream>")
            #expect(try stage.bounce("remote-server-timeout") == "cancel")
        }
    }

    @Test func `TL-10: direct TLS names the domain and the protocol in its first bytes`() async throws {
        try await script {
            let stage = try Stage()
            let other = try ByteListener(at: Endpoint.unused(on: stage.place))
            try stage.network.setZone(
                """
                _xmpps-server._tcp.b SRV 0 0 \(stage.listener.endpoint.port) elsewhere
                _xmpp-server._tcp.b SRV 1 0 \(other.endpoint.port) elsewhere
                elsewhere A \(stage.place)
                """)
            try stage.send()
            let peer = try stage.accept()
            try peer.secureAsServer(with: Network.issue("b.example").identity())
            #expect(peer.session?.requestedServerName == "b.example")
            #expect(peer.received.starts(with: [22, 3]))
            // The list of ALPN (RFC 7301): extension 16 with one name.
            let name = [11] + Array("xmpp-server".utf8)
            #expect(Self.contains([0, 16, 0, 14, 0, 12] + name, in: peer.received))
            #expect(!Self.contains(Array("<stream".utf8), in: peer.received))
            try peer.serveAuthentication("b.example")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    private static func contains(_ wanted: [UInt8], in bytes: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }

    @Test
    func `DN-03, DN-09, DN-13: priorities in order, every address of a target, and no way round a loop of aliases`()
        async throws
    {
        try await script {
            let stage = try Stage()
            let closed = try Endpoint.unused(on: stage.place)
            let dead = [LoopbackAddress.unused(), LoopbackAddress.unused()]
            // Two of the last target's addresses refuse, the third answers.
            try stage.network.setZone(
                """
                _xmpp-server._tcp.b SRV 5 0 \(closed.port) first
                _xmpp-server._tcp.b SRV 7 0 \(stage.listener.endpoint.port) loop
                loop CNAME pool
                pool CNAME loop
                _xmpp-server._tcp.b SRV 10 0 \(stage.listener.endpoint.port) second
                first A \(stage.place)
                second A \(dead[0])
                second A \(dead[1])
                second A \(stage.place)
                """)
            try stage.send()
            let peer = try Peer.serving(stage.listener, domain: "b.example")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    @Test func `DN-06, DN-07: the domain's own address counts without records, and is no way out when they fail`()
        async throws
    {
        try await script {
            let stage = try Stage()
            let own = try ByteListener(at: Endpoint(LoopbackAddress.unused(), port: 5269))
            try stage.network.setZone(
                """
                _xmpp-server._tcp.b SRV 0 0 \(Endpoint.unused(on: stage.place).port) host
                host A \(stage.place)
                b A \(own.endpoint.address)
                c A \(own.endpoint.address)
                """)
            try stage.send()
            #expect(try stage.bounce("remote-server-timeout") == "wait")
            #expect(!stage.network.questions.contains("b.example A"))
            #expect(throws: (any Error).self) { try own.accept(within: .zero) }
            try stage.send(to: "c.example")
            let peer = try Peer.serving(own, domain: "c.example")
            #expect(try peer.read(until: "</message>").contains("c.example"))
        }
    }

    @Test func `DN-12: an endpoint with the wrong certificate is passed over for the next`() async throws {
        try await script {
            let stage = try Stage()
            let second = try ByteListener(at: Endpoint.unused(on: stage.place))
            try stage.network.setZone(
                """
                _xmpp-server._tcp.b SRV 0 0 \(stage.listener.endpoint.port) host
                _xmpp-server._tcp.b SRV 1 0 \(second.endpoint.port) host
                host A \(stage.place)
                """)
            try stage.send()
            let wrong = try stage.accept()
            try wrong.serveUntilSecured("b.example", with: Network.issue("c.example"))
            try wrong.serveHeader("b.example", Peer.mechanisms)
            // Nothing that only the right peer should hear was said.
            #expect(!(try wrong.readToEnd().contains("<auth")))
            let right = try Peer.serving(second, domain: "b.example")
            #expect(try right.read(until: "</message>").contains("hello"))
        }
    }

    @Test func `DN-15: a static route asks nobody and proves the same domain`() async throws {
        try await script {
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            let stage = try Stage(
                settings: "[[remote]]\nname = \"b.example\"\nservers = [\"\(listener.endpoint)\"]", usesDNS: false)
            try stage.send("1")
            let wrong = try Peer(accepted: listener.accept())
            try wrong.serveUntilSecured("b.example", with: Network.issue("host.example"))
            try wrong.serveHeader("b.example", Peer.mechanisms)
            try wrong.readToEnd()
            // CM-01: the certificate is for the domain, not for where it was found.
            #expect(try stage.bounce("remote-server-timeout") == "cancel")
            #expect(stage.network.questions.isEmpty)
        }
    }

    @Test func `RT-06, DN-05, DN-08: each failure has its condition and type`() async throws {
        try await script {
            let stage = try Stage(settings: "[timeouts]\nnegotiation = 6\nclose = 1")
            let port = stage.listener.endpoint.port
            try stage.network.setZone(
                """
                _xmpp-server._tcp.b SRV 0 0 \(port) host
                _xmpp-server._tcp.closed SRV 0 0 \(Endpoint.unused(on: stage.place).port) host
                _xmpp-server._tcp.none SRV 0 0 0 .
                _xmpps-server._tcp.none SRV 0 0 0 .
                host A \(stage.place)
                """)
            try stage.send(to: "missing.example")
            #expect(try stage.bounce("remote-server-not-found") == "cancel")
            try stage.send(to: "none.example")
            #expect(try stage.bounce("remote-server-not-found") == "cancel")
            #expect(!stage.network.questions.contains { $0.hasPrefix("none.example A") })
            try stage.send(to: "closed.example")
            #expect(try stage.bounce("remote-server-timeout") == "wait")
            // A peer that never says a word.
            try stage.send()
            let silent = try stage.accept()
            #expect(try stage.bounce("remote-server-timeout") == "wait")
            #expect(try silent.readToEnd().hasSuffix("</stream:stream>"))
            stage.network.nameServer.setFault(.serverFailure)
            try stage.send(to: "broken.example")
            #expect(try stage.bounce("remote-server-not-found") == "wait")
            #expect(!stage.network.questions.contains { $0.hasPrefix("broken.example A") })
            // Until the wait is over the next one comes back at once, with the same reason.
            let asked = stage.network.questions.count
            try stage.send(to: "broken.example")
            #expect(try stage.bounce("remote-server-not-found") == "wait")
            #expect(stage.network.questions.count == asked)
            // XS-26: until the peer comes to us.
            _ = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example")
            stage.network.nameServer.setFault(nil)
            try stage.send("again")
            let peer = try Peer.serving(stage.listener, domain: "b.example")
            #expect(try peer.read(until: "</message>").contains("again"))
        }
    }

    @Test(arguments: ["host-unknown", "policy-violation", "internal-server-error"])
    func `RT-06: what the peer's stream error says decides the answer`(condition: String) async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            let peer = try stage.accept()
            try peer.serveHeader(
                "b.example",
                "<stream:error><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
            )
            try peer.readToEnd()
            let error = try stage.component.receive()
            switch condition {
            case "host-unknown": #expect(error.contains("remote-server-not-found"))
            case "policy-violation":
                #expect(error.contains("remote-server-timeout") && error.stanzaError?.type == "cancel")
            default: #expect(error.contains("remote-server-timeout") && error.stanzaError?.type == "wait")
            }
        }
    }

    @Test func `XS-23: a redirect is followed over TLS, for the same domain, five times at most`() async throws {
        try await script {
            let stage = try Stage()
            let other = try ByteListener(at: Endpoint.unused(on: stage.place))
            func redirect(_ peer: Peer, to place: Endpoint) throws {
                try peer.serveUntilSecured("b.example")
                try peer.serveHeader(
                    "b.example",
                    Peer.mechanisms + "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                        + "\(place)</see-other-host></stream:error></stream:stream>")
                try peer.readToEnd()
            }
            // In clear it is nobody's word.
            try stage.send("1")
            let clear = try stage.accept()
            try clear.serveHeader(
                "b.example",
                "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>\(other.endpoint)"
                    + "</see-other-host></stream:error></stream:stream>")
            #expect(try stage.bounce("remote-server-timeout") == "wait")
            _ = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example")
            try stage.send("2")
            try redirect(try stage.accept(), to: other.endpoint)
            let peer = try Peer(accepted: other.accept())
            let header = try peer.serveHeader("b.example", Peer.offer)
            #expect(header.contains("to='b.example'"))
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed)
            try peer.secureAsServer(with: Network.issue("b.example").identity())
            try peer.serveAuthentication("b.example")
            #expect(try peer.read(until: "</message>").contains("2"))
            // Another pair, and nothing but redirects.
            try stage.network.setZone(
                "_xmpp-server._tcp.c SRV 0 0 \(stage.listener.endpoint.port) h\nh A \(stage.place)")
            try stage.send(to: "c.example")
            for _ in 0...5 {
                let next = try stage.accept()
                try next.serveUntilSecured("c.example")
                try next.serveHeader(
                    "c.example",
                    Peer.mechanisms + "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                        + "\(stage.listener.endpoint)</see-other-host></stream:error></stream:stream>")
                try next.readToEnd()
            }
            #expect(try stage.bounce("remote-server-timeout") == "wait")
        }
    }

    @Test func `LM-03: what the peer does not take comes back, and the stream goes on`() async throws {
        try await script {
            let stage = try Stage()
            try stage.send(String(repeating: "x", count: 12_000))
            let peer = try Peer.serving(
                stage.listener, domain: "b.example",
                features: "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits>")
            let error = try stage.component.receive()
            #expect(error.contains("policy-violation") && !error.description.contains(" by="))
            try stage.send("short")
            #expect(try peer.read(until: "</message>").contains("short"))
        }
    }

    @Test func `KA-04: an idle stream is closed in order, and the next stanza opens another`() async throws {
        try await script {
            let stage = try Stage(settings: "[timeouts]\nidle = 1\nkeepalive = 0")
            try stage.send("1")
            let peer = try Peer.serving(stage.listener, domain: "b.example")
            try peer.read(until: "</message>")
            #expect(try peer.read(until: "</stream:stream>") == "</stream:stream>")
            // XS-17: nothing may follow our closing tag, so a stanza of this moment needs another stream.
            try stage.send("2")
            let next = try Peer.serving(stage.listener, domain: "b.example")
            #expect(try next.read(until: "</message>").contains("2"))
            try peer.send("</stream:stream>")
            #expect(try peer.readToEnd().isEmpty)
        }
    }

    @Test func `KA-02: whitespace keeps a quiet stream, and only one that is established`() async throws {
        try await script {
            let stage = try Stage(settings: "[timeouts]\nkeepalive = 1")
            try stage.send()
            let peer = try stage.accept()
            try peer.serveUntilSecured("b.example")
            try peer.serveHeader("b.example", Peer.mechanisms)
            try peer.read(until: "</auth>")
            #expect(try peer.readWhatComes(within: .milliseconds(1500)).isEmpty)
            try peer.send(Peer.success)
            try peer.serveHeader("b.example", "<stream:features/>")
            try peer.read(until: "</message>")
            #expect(try peer.read(until: " ", within: .seconds(4)) == " ")
        }
    }

    @Test(arguments: [true, false])
    func `KA-03: a peer that answers no ping is gone, one that answers anything is alive`(answers: Bool) async throws {
        try await script {
            let stage = try Stage(settings: "[timeouts]\nkeepalive = 1")
            try stage.send()
            let peer = try Peer.serving(stage.listener, domain: "b.example")
            try peer.read(until: "</message>")
            // The way back, without which nobody is asked.
            let back = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example")
            for _ in 0..<(answers ? 2 : 1) {
                let ping = try peer.read(until: "</iq>", within: .seconds(6))
                #expect(ping.contains("<ping xmlns='urn:xmpp:ping'/>"))
                let id = ping.split(separator: "id='").last?.prefix { $0 != "'" } ?? ""
                guard answers else { continue }
                try back.send(
                    "<iq type='error' id='\(id)' from='b.example' to='a.example'><error type='cancel'>"
                        + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
            }
            guard !answers else { return }
            let end = try peer.read(until: "</stream:stream>", within: .seconds(6))
            #expect(end.contains("<connection-timeout"))
        }
    }
}
