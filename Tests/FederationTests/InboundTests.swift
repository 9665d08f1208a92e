import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A scripted initiating server against a daemon.
@Suite("streams that others open")
struct InboundTests {
    private static func node(
        _ domains: [Node.Domain] = [.component("a.example")], settings: String = "", limits: String? = nil
    ) throws -> Node {
        try Node("a", domains, in: Network(), settings: settings, limits: limits)
    }

    private static func id(_ text: String) -> String {
        guard let start = text.firstRange(of: " id='")?.upperBound else { return "" }
        return String(text[start...].prefix { $0 != "'" })
    }

    /// TLS over STARTTLS, without a stream on it.
    private static func secured(
        _ node: Node, to target: String = "a.example", presenting identity: TLSIdentity?,
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws -> Peer {
        let peer = try Peer(dialling: node.s2s)
        try peer.open(from: nil, to: target)
        try peer.send(Peer.startTLS)
        try peer.read(until: Peer.proceed)
        try peer.secure(presenting: identity, versions: versions)
        return peer
    }

    @Test func `XS-03: a thousand identifiers are unpredictable, and each restart has a new one`() async throws {
        try await script {
            let node = try Self.node()
            var ids: Set<String> = []
            for _ in 0..<1000 {
                let peer = try Peer(dialling: node.s2s)
                let id = Self.id(try peer.open(from: "b.example", to: "a.example", id: "evil"))
                #expect(id.utf8.count >= 22 && id != "evil")
                ids.insert(id)
            }
            #expect(ids.count == 1000)
            let peer = try Peer(dialling: node.s2s)
            var own = [Self.id(try peer.open(from: "b.example", to: "a.example"))]
            try peer.send(Peer.startTLS)
            try peer.read(until: Peer.proceed)
            try peer.secure(presenting: Network.issue("b.example").identity())
            own.append(Self.id(try peer.open(from: "b.example", to: "a.example")))
            try peer.send(Peer.auth)
            let success = try peer.read(until: Peer.success)
            // XS-19: nothing but the answer comes before the new header.
            #expect(success == Peer.success)
            own.append(Self.id(try peer.open(from: "b.example", to: "a.example")))
            #expect(Set(own).count == 3)
        }
    }

    @Test func `XS-05: features follow each header once, without mechanisms at last`() async throws {
        try await script {
            let node = try Self.node()
            let peer = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            #expect(try peer.readWhatComes(within: .milliseconds(300)).isEmpty)
            let other = try Self.secured(node, presenting: Network.issue("b.example").identity())
            #expect(try other.open(from: "b.example", to: "a.example").contains("EXTERNAL"))
            try other.send(Peer.auth)
            try other.read(until: Peer.success)
            let last = try other.open(from: "b.example", to: "a.example")
            #expect(!last.contains("mechanisms") && !last.contains("starttls"))
        }
    }

    @Test func `XS-06: a wrong stream namespace is answered by a whole stream with the error`() async throws {
        try await script {
            let node = try Self.node()
            for header in [
                Peer.header(from: "b.example", to: "a.example", stream: "http://wrong.example/"),
                Peer.header(from: "b.example", to: "a.example", content: "jabber:client"),
            ] {
                let peer = try Peer(dialling: node.s2s)
                try peer.send(header)
                let answer = try peer.readToEnd()
                #expect(answer.contains("<stream:stream ") && answer.contains("xmlns='jabber:server'"))
                #expect(
                    answer.contains(
                        "<stream:error><invalid-namespace xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"))
                #expect(answer.hasSuffix("</stream:error></stream:stream>"))
            }
        }
    }

    @Test func `XS-11: nothing behind an error counts`() async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect("a.example")
            let peer = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            try peer.send("<message><body></message>" + Peer.message("x@b.example", "u@a.example", "after"))
            #expect(try peer.readToEnd().contains("<not-well-formed"))
            let other = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            try other.send(
                "<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                    + Peer.message("x@b.example", "u@a.example", "after"))
            #expect(try other.readToEnd() == "</stream:stream>")
            #expect(other.hasSeenCloseNotify)
            #expect(try component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `XS-17: a close lets the peer finish, then ends TLS and TCP`() async throws {
        try await script {
            let node = try Self.node(settings: "[timeouts]\nclose = 1")
            let component = try node.connect("a.example")
            let peer = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            let silent = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            let service = node.service
            let domain = try DomainName("b.example")
            _ = wait { await service.close(.domain(domain)) }
            #expect(try peer.read(until: "</stream:stream>") == "</stream:stream>")
            try peer.send(
                Peer.message("x@b.example", "u@a.example", "1") + Peer.message("x@b.example", "u@a.example", "2"))
            try peer.send("</stream:stream>")
            #expect(try component.receive().text(of: "body") == "1")
            #expect(try component.receive().text(of: "body") == "2")
            #expect(try peer.readToEnd().isEmpty)
            #expect(peer.hasSeenCloseNotify)
            // The other one says nothing, and is not waited for longer than `close`.
            #expect(try silent.readToEnd(within: .seconds(4)) == "</stream:stream>")
            #expect(eventually(within: .seconds(3)) { node.counts?.streams == 0 })
        }
    }

    @Test func `XS-18: stanzas before authentication close the stream and go nowhere`() async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect("a.example")
            let stanza = Peer.message("x@b.example", "u@a.example", "early")
            let clear = try Peer(dialling: node.s2s)
            try clear.open(from: "b.example", to: "a.example")
            try clear.send(stanza)
            #expect(try clear.readToEnd().contains("<not-authorized"))
            let secured = try Self.secured(node, presenting: Network.issue("b.example").identity())
            try secured.open(from: "b.example", to: "a.example")
            try secured.send(stanza)
            #expect(try secured.readToEnd().contains("<not-authorized"))
            // SE-10: between success and the new header too.
            let hasty = try Self.secured(node, presenting: Network.issue("b.example").identity())
            try hasty.open(from: "b.example", to: "a.example")
            try hasty.send(Peer.auth + stanza)
            #expect(try hasty.readToEnd().contains("<stream:error>"))
            #expect(try component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `XS-22: namespaces and language of the header reach the stanza that uses them`() async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect("a.example")
            let peer = try Peer.authenticated(
                to: node, from: "b.example", to: "a.example", extra: "xmlns:x='urn:x' xml:lang='cs'")
            try peer.send("<message from='x@b.example' to='u@a.example' id='1'><x:e/></message>")
            let first = try component.receive()
            #expect(first.description.contains("'urn:x'"))
            // XS-25
            #expect(first.attribute("xml:lang") == "cs")
            try peer.send("<message from='x@b.example' to='u@a.example' id='2' xml:lang='fr'/>")
            #expect(try component.receive().attribute("xml:lang") == "fr")
        }
    }

    @Test(arguments: [true, false])
    func `XS-27: half a stanza is none, however the connection ends`(isTLSEnded: Bool) async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect("a.example")
            var peer: Peer? = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
            try peer?.send("<message from='x@b.example' to='u@a.example'><body>hi</bo")
            if isTLSEnded {
                try peer?.sendCloseNotify()
                try peer?.readToEnd()
            }
            peer = nil
            #expect(eventually(within: .seconds(5)) { node.counts?.streams == 0 })
            #expect(try component.receiveNothingMore().isEmpty)
            #expect(node.metric(.stanzasReceived) == 0)
        }
    }

    @Test func `RT-03: what a stream did not prove closes it`() async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect("a.example")
            for (from, to, condition) in [
                ("x@c.example", "u@a.example", "invalid-from"), ("x@sub.b.example", "u@a.example", "invalid-from"),
                ("x@b.example", "u@third.example", "host-unknown"),
                ("x@b.example", "@a.example", "improper-addressing"),
                ("", "u@a.example", "improper-addressing"),
            ] {
                let peer = try Peer.authenticated(to: node, from: "b.example", to: "a.example")
                try peer.send(Peer.message(from, to, "forged"))
                #expect(try peer.readToEnd().contains("<\(condition)"), "\(from) to \(to)")
            }
            #expect(try component.receiveNothingMore().isEmpty)
            #expect(node.metric(.streamsOpened) == 0)
        }
    }

    @Test func `TL-02: a command that is wrong, repeated or impossible fails and ends the connection`() async throws {
        try await script {
            let node = try Self.node()
            let failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"
            let wrong = try Peer(dialling: node.s2s)
            try wrong.open(from: "b.example", to: "a.example")
            try wrong.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><x/></starttls>")
            #expect(try wrong.readToEnd() == failure)
            let twice = try Self.secured(node, presenting: nil)
            try twice.open(from: "b.example", to: "a.example")
            try twice.send(Peer.startTLS)
            #expect(try twice.readToEnd() == failure)
            let direct = try Peer(dialling: node.directTLS)
            try direct.secure(presenting: nil, serverName: "a.example")
            // TL-11: nothing to start where TLS is.
            #expect(!(try direct.open(from: "b.example", to: "a.example").contains("starttls")))
            try direct.send(Peer.startTLS)
            #expect(try direct.readToEnd() == failure)
        }
    }

    @Test func `TL-03: what was injected behind starttls is never looked at`() async throws {
        try await script {
            let node = try Self.node()
            let peer = try Peer(dialling: node.s2s)
            try peer.open(from: "b.example", to: "a.example")
            try peer.send(
                Peer.startTLS + "<db:result xmlns:db='jabber:server:dialback'/>" + Peer.message("a", "b", "c"))
            // TL-04: not a space between the command and its answer.
            #expect(try peer.read(until: Peer.proceed) == Peer.proceed)
            // The bytes were dropped or broke the handshake; either way no XML answers them (TL-06).
            do {
                try peer.secure(presenting: nil)
                #expect(!(try peer.open(from: "b.example", to: "a.example").contains("stream:error")))
            } catch {
                #expect(!String(decoding: peer.received.drop { $0 != 21 }, as: UTF8.self).contains("<"))
            }
        }
    }

    @Test(arguments: [0, 50])
    func `TL-06: no XML follows a handshake that failed`(pause: Int) async throws {
        try await script {
            let node = try Self.node()
            let peer = try Peer(dialling: node.s2s)
            try peer.open(from: "b.example", to: "a.example")
            try peer.send(Peer.startTLS)
            try peer.read(until: Peer.proceed)
            let clear = peer.received.count
            // A record header that promises a handshake, or something that is no record at all.
            try peer.sendRaw(pause == 0 ? Array("GET / HTTP/1.1\r\n\r\n".utf8) : [22, 3, 1, 0, UInt8(pause)])
            try peer.sendRaw([UInt8](repeating: 0, count: pause))
            try peer.readToEnd()
            #expect(!peer.received.dropFirst(clear).contains(UInt8(ascii: "<")))
            #expect(eventually(within: .seconds(3)) { node.counts?.streams == 0 })
        }
    }

    @Test func `TL-08: the certificate follows the header's to or the server name, and any client may come`()
        async throws
    {
        try await script {
            let node = try Self.node([.separate("a.example"), .separate("c.example")])
            let identities = [
                nil, try Network.selfSigned("b.example").identity(), try Network.issue("b.example").identity(),
            ]
            for domain in ["a.example", "c.example"] {
                for identity in identities {
                    let peer = try Self.secured(node, to: domain, presenting: identity)
                    #expect(peer.session?.peerCertificates.first?.subject.contains(domain) == true)
                    #expect(peer.session?.localCertificateWasSent == (identity != nil))
                }
                let direct = try Peer(dialling: node.directTLS)
                try direct.secure(presenting: nil, serverName: domain, protocols: ["xmpp-server"])
                #expect(direct.session?.peerCertificates.first?.subject.contains(domain) == true)
                #expect(direct.session?.negotiatedApplicationProtocol == "xmpp-server")
            }
            // TL-11: none is taken, another is not.
            let none = try Peer(dialling: node.directTLS)
            try none.secure(presenting: nil, serverName: "a.example")
            let other = try Peer(dialling: node.directTLS)
            #expect(throws: HarnessFailure.self) {
                try other.secure(presenting: nil, serverName: "a.example", protocols: ["h2"])
            }
            #expect(other.failure.map { "\($0)" }?.contains("no") == true, "\(String(describing: other.failure))")
        }
    }

    @Test func `TL-13: a renegotiation ends the connection without a word`() async throws {
        try await script {
            let node = try Self.node()
            let peer = try Self.secured(
                node, presenting: Network.issue("b.example").identity(), versions: .tls12 ... .tls12)
            try peer.open(from: "b.example", to: "a.example")
            try peer.renegotiate()
            #expect(try peer.readToEnd().isEmpty)
            #expect(eventually(within: .seconds(3)) { node.counts?.streams == 0 })
        }
    }

    @Test func `TP-07: by default nothing but TLS is offered in clear`() async throws {
        try await script {
            let node = try Self.node()
            let peer = try Peer(dialling: node.s2s)
            let features = try peer.open(from: "b.example", to: "a.example")
            #expect(features.contains("<required/>") && !features.contains("dialback xmlns"))
            #expect(!features.contains("mechanism"))
            try peer.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>")
            let answer = try peer.read(until: ">")
            #expect(!answer.contains("success"))
        }
    }

    @Test func `CM-11: a certificate for another domain is offered no EXTERNAL`() async throws {
        try await script {
            let node = try Self.node()
            let expired = try Network.issue("b.example") { $0.notAfter = Network.now - 60 }
            for issued in [try Network.issue("c.example"), try Network.selfSigned("b.example"), expired] {
                let peer = try Self.secured(node, presenting: issued.identity())
                #expect(!(try peer.open(from: "b.example", to: "a.example").contains("EXTERNAL")))
                try peer.send(Peer.auth)
                #expect(try peer.read(until: "</failure>").contains("not-authorized"))
            }
        }
    }

    @Test func `TL-14: a stream ends when the certificate that proved it expires`() async throws {
        try await script {
            let node = try Self.node()
            let brief = try Network.issue("b.example") { $0.notAfter = Network.now + 6 }
            let peer = try Peer.authenticated(to: node, from: "b.example", to: "a.example", presenting: brief)
            #expect(try peer.read(until: "</stream:stream>", within: .seconds(20)).contains("<reset"))
        }
    }

    @Test func `CP-08: components and the control socket are for this host by default`() async throws {
        try await script {
            let network = try Network()
            let file = try Node.configuration("default", [.component("a.example")], in: network)
            let listen = try LoadedListen(file: file)
            #expect(listen.component == ["127.0.0.1:5347"])
            #expect(listen.s2s == ["[::]:5269"])
        }
    }
}
