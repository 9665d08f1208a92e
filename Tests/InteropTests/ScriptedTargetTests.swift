import TestSupport
import Testing

extension Interop {
    /// Scenario `09-scripted-target`: Ligase dials a server that does what no good server does.
    @Suite("09: A scripted target")
    struct ScriptedTargetTests {
        private static let folder = "09-scripted-target"
        private static let header =
            "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
            + "from='peer.example' to='ligase.example' id='s' version='1.0'>"
        private static let offer =
            "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"

        @Test(arguments: [
            "<stream:features/>",
            "<stream:features><dialback xmlns='urn:xmpp:features:dialback'/></stream:features>",
            offer,
        ])
        func `TL-07: A peer without TLS gets nothing in clear, and the stanza bounces`(features: String) throws {
            try LigaseAlone.run(Self.folder, zone: "starttls.zone") { alone in
                let listener = try ByteListener(at: alone.peerPlace.s2s)
                try Self.sendMessage(of: alone)
                let stream = StreamConversation(over: try listener.accept(), with: "ligased")
                let header = try stream.receiveHeader()
                #expect(header.attribute("from") == "ligase.example")
                #expect(header.attribute("to") == "peer.example")
                #expect(header.attribute("version") == "1.0")
                try stream.send(Self.header + features)
                // It asks for TLS even where none is offered, or gives up; it says nothing else.
                while let element = try stream.receiveElementOrEnd() {
                    guard element.name == "starttls" else {
                        #expect(element.name == "stream:error")
                        continue
                    }
                    try stream.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
                }
                try Self.expectBounce(at: alone.component)
            }
        }

        @Test func `TL-03: Features that an attacker puts behind proceed are not believed`() throws {
            try LigaseAlone.run(Self.folder, zone: "starttls.zone") { alone in
                let listener = try ByteListener(at: alone.peerPlace.s2s)
                try Self.sendMessage(of: alone)
                let connection = try listener.accept()
                let stream = StreamConversation(over: connection, with: "ligased")
                _ = try stream.receiveHeader()
                try stream.send(Self.header + Self.offer)
                #expect(try stream.receiveElement().name == "starttls")
                try stream.send(
                    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + Self.header + "<stream:features/>")
                var answer: [UInt8] = []
                var piece = try connection.receive(before: .after(.seconds(10)))
                while !piece.isEmpty {
                    answer += piece
                    piece = try connection.receive(before: .after(.seconds(10)))
                }
                // Only TLS records come back, and of those only the ClientHello and an alert.
                #expect(answer.first == 0x16)
                let text = String(decoding: answer, as: UTF8.self)
                #expect(!text.contains("<message") && !text.contains("<stream:stream") && !text.contains("<auth"))
                try Self.expectBounce(at: alone.component)
            }
        }

        @Test func `TL-10, TL-12: Each kind of target gets its own first bytes`() throws {
            try LigaseAlone.run(Self.folder, zone: "both.zone") { alone in
                let direct = try ByteListener(at: alone.peerPlace.s2sDirectTLS)
                let clear = try ByteListener(at: alone.peerPlace.s2s)
                try Self.sendMessage(of: alone)
                var greeting: [UInt8]
                do {
                    greeting = try direct.accept().receive(before: .after(.seconds(5)))
                }
                let hello = String(decoding: greeting, as: UTF8.self)
                #expect(greeting.starts(with: [0x16, 3]))
                #expect(hello.contains("peer.example"))
                #expect(!hello.contains("peer.hosts.example"))
                #expect(hello.contains("xmpp-server"))

                greeting = try clear.accept().receive(before: .after(.seconds(5)))
                #expect(String(decoding: greeting, as: UTF8.self).hasPrefix("<"))
                try Self.expectBounce(at: alone.component)
            }
        }

        @Test func `RT-06: A port that nothing listens on bounces at once`() throws {
            try LigaseAlone.run(Self.folder, zone: "starttls.zone") { alone in
                try Self.sendMessage(of: alone)
                try Self.expectBounce(at: alone.component, type: "wait")
            }
        }

        @Test func `RT-06: A peer that never answers the header bounces after the time to negotiate`() throws {
            try LigaseAlone.run(Self.folder, zone: "starttls.zone") { alone in
                let listener = try ByteListener(at: alone.peerPlace.s2s)
                try Self.sendMessage(of: alone)
                let connection = try listener.accept()
                try Self.expectBounce(at: alone.component, type: "wait")
                withExtendedLifetime(connection) {}
            }
        }

        private static func sendMessage(of alone: LigaseAlone) throws {
            try alone.component.send(
                "<message from='u@ligase.example' to='x@peer.example' id='t1'><body>Hello</body></message>")
        }

        private static func expectBounce(at component: ComponentClient, type: String? = nil) throws {
            let bounce = try component.receive()
            #expect(bounce.attribute("id") == "t1")
            #expect(bounce.contains("remote-server-timeout"))
            #expect(bounce.stanzaError?.text.isEmpty == false)
            if let type { #expect(bounce.stanzaError?.type == type) }
        }
    }
}
