import TestSupport
import Testing

extension Interop {
    /// Scenario `05-refusals`: certificates that prove nothing, and what the sender of a stanza is told.
    @Suite("05: Refusals")
    struct RefusalTests {
        /// A certificate, and a word that explains to an operator what is wrong with it.
        struct Refusal: Sendable, CustomStringConvertible {
            let identity: Pairing.Identity
            let explanation: String
            var description: String { identity.rawValue }
        }

        static let refusals = [
            Refusal(identity: .expired, explanation: "expired"),
            Refusal(identity: .wrongName, explanation: "name"),
            Refusal(identity: .selfSigned, explanation: "self"),
            Refusal(identity: .untrustedAuthority, explanation: "issuer"),
        ]

        @Test(arguments: refusals)
        func `CM-11: A stanza to a server with a bad certificate bounces and says why`(refusal: Refusal) throws {
            try Pairing("05-refusals", with: .prosody, peer: refusal.identity).run { pairing in
                try pairing.ligaseSide.send(
                    "<message from='a@ligase.example' to='b@prosody.example' id='r1'><body>Hello</body></message>")
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.name == "message")
                #expect(bounce.attribute("from") == "b@prosody.example")
                #expect(bounce.attribute("to") == "a@ligase.example")
                #expect(bounce.attribute("id") == "r1")
                #expect(bounce.contains("remote-server-timeout"))
                #expect(bounce.stanzaError?.type == "cancel")
                let text = bounce.stanzaError?.text ?? ""
                #expect(text.contains("prosody.example"))
                #expect(text.lowercased().contains(refusal.explanation))
                #expect(try pairing.peerSide.receiveNothingMore() == [])
            }
        }

        @Test(arguments: refusals)
        func `SE-01: A server with a bad certificate is not offered EXTERNAL and delivers nothing`(
            refusal: Refusal
        ) throws {
            try Pairing("05-refusals", with: .prosody, peer: refusal.identity).run { pairing in
                try pairing.peerSide.send(
                    "<message from='b@prosody.example' to='a@ligase.example' id='r2'><body>Hello</body></message>")
                let bounce = try pairing.peerSide.receive()
                #expect(bounce.attribute("id") == "r2")
                #expect(bounce.attribute("type") == "error")
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
            }
        }

        @Test(arguments: [Pairing.Identity.expired, .wrongName, .selfSigned, .untrustedAuthority])
        func `RT-06: When Prosody does not take Ligase's certificate, the stanza bounces`(
            identity: Pairing.Identity
        ) throws {
            try Pairing("05-refusals", with: .prosody, ligase: identity).run { pairing in
                try pairing.ligaseSide.send(
                    """
                    <iq from='a@ligase.example' to='b@prosody.example' id='r3' type='get'>\
                    <ping xmlns='urn:xmpp:ping'/></iq>
                    """)
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.name == "iq")
                #expect(bounce.attribute("id") == "r3")
                #expect(bounce.contains("remote-server-timeout"))
                #expect(bounce.stanzaError?.type == "cancel")
                #expect(bounce.stanzaError?.text.contains("certificate") == true)
                #expect(try pairing.peerSide.receiveNothingMore() == [])
            }
        }

        @Test func `RT-06: A domain that does not exist bounces at once`() throws {
            try Pairing("05-refusals", with: .prosody).run { pairing in
                try pairing.ligaseSide.send(
                    "<message from='a@ligase.example' to='b@nowhere.example' id='r4'><body>Hello</body></message>")
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "r4")
                #expect(bounce.contains("remote-server-not-found"))
                #expect(bounce.stanzaError?.type == "cancel")
                #expect(bounce.stanzaError?.text.contains("nowhere.example") == true)
            }
        }
    }
}
