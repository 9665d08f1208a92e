import TestSupport
import Testing

extension Interop {
    /// Scenario `08-scripted-peer`: what a foreign server must not say, said to `ligased` over TLS.
    @Suite("08: A scripted peer")
    struct ScriptedPeerTests {
        @Test(arguments: ScriptedPeer.Transport.allCases)
        func `TL-05, TL-11, SE-05: After TLS EXTERNAL is offered, STARTTLS is not, and a stanza is delivered`(
            transport: ScriptedPeer.Transport
        ) throws {
            try LigaseAlone.run { alone in
                let peer = try alone.dial(over: transport)
                let (header, features) = try peer.openStream(from: "peer.example", to: "ligase.example")
                #expect(header.attribute("from") == "ligase.example")
                #expect(header.attribute("to") == "peer.example")
                #expect(header.attribute("id")?.isEmpty == false)
                #expect(features.text(of: "mechanism") == "EXTERNAL")
                #expect(!features.contains("starttls"))
                try peer.authenticate(as: "peer.example", to: "ligase.example")
                try peer.conversation.send(
                    "<message from='x@peer.example' to='u@ligase.example' id='s1'><body>Hello</body></message>")
                #expect(try alone.component.receive().attribute("id") == "s1")
            }
        }

        @Test func `TL-01: In clear only STARTTLS is offered, and it is required`() throws {
            try LigaseAlone.run { alone in
                let stream = StreamConversation(over: try ByteConnection(to: alone.place.s2s), with: "ligased")
                try stream.send(
                    """
                    <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
                    from='peer.example' to='ligase.example' version='1.0'>
                    """)
                _ = try stream.receiveHeader()
                let features = try stream.receiveElement()
                #expect(features.contains("starttls"))
                #expect(features.contains("required"))
                #expect(!features.contains("mechanisms"))
                #expect(!features.contains("dialback"))
            }
        }

        @Test(arguments: [
            ("<message from='x@other.example' to='u@ligase.example'/>", "invalid-from"),
            ("<message from='x@sub.peer.example' to='u@ligase.example'/>", "invalid-from"),
            ("<message from='x@peer.example' to='u@third.example'/>", "host-unknown"),
            ("<message from='x@peer.example'/>", "improper-addressing"),
            ("<message to='u@ligase.example'/>", "improper-addressing"),
            ("<message from='x@peer.example' to='@ligase.example'/>", "improper-addressing"),
            ("<message from='x@peer.example' to='u@ligase.example'><a></b></message>", "not-well-formed"),
        ])
        func `RT-01, RT-02, RT-03: A stanza that is not the peer's to send closes the stream`(
            stanza: String, condition: String
        ) throws {
            try LigaseAlone.run { alone in
                let peer = try alone.dial(over: .directTLS)
                _ = try peer.openStream(from: "peer.example", to: "ligase.example")
                try peer.authenticate(as: "peer.example", to: "ligase.example")
                try peer.conversation.send(stanza)
                let error = try peer.conversation.receiveElement()
                #expect(error.name == "stream:error")
                #expect(error.contains(condition))
                #expect(try peer.conversation.receivePiece() == .end)
                #expect(try alone.component.receiveNothingMore() == [])
            }
        }

        @Test func `SE-01: A certificate for another domain than the header's brings no offer of EXTERNAL`() throws {
            try LigaseAlone.run { alone in
                let peer = try alone.dial(over: .directTLS)
                let (_, features) = try peer.openStream(from: "other.example", to: "ligase.example")
                #expect(!features.contains("mechanism"))
            }
        }

        @Test(arguments: ["ei5leGFtcGxl", "eEBwZWVyLmV4YW1wbGU="])
        func `SE-06: EXTERNAL for another identity than the stream's is refused`(identity: String) throws {
            try LigaseAlone.run { alone in
                let peer = try alone.dial(over: .directTLS)
                _ = try peer.openStream(from: "peer.example", to: "ligase.example")
                try peer.conversation.send(
                    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>\(identity)</auth>")
                let failure = try peer.conversation.receiveElement()
                #expect(failure.name == "failure")
                #expect(failure.contains("invalid-authzid"))
            }
        }

        @Test func `TL-11: An ALPN list without xmpp-server ends the handshake`() throws {
            try LigaseAlone.run { alone in
                let stranger = try alone.dial(over: .directTLS, applicationProtocols: "h2")
                #expect(throws: HarnessFailure.self) {
                    _ = try stranger.openStream(from: "peer.example", to: "ligase.example")
                }
                #expect(eventually(within: .seconds(5)) { stranger.log.contains("alert") })
                let peer = try alone.dial(over: .directTLS, applicationProtocols: "h2,xmpp-server")
                _ = try peer.openStream(from: "peer.example", to: "ligase.example")
            }
        }
    }
}
