import TestSupport
import Testing

extension Interop {
    /// Scenario `19-dialback`: a domain's own server disowns the keys of others.
    @Suite("19: Impostors")
    struct ImpostorTests {
        private static func pairing(with kind: ForeignServer.Kind, level: String) throws -> Pairing {
            try Pairing(
                "19-dialback", with: kind, zone: "\(kind.rawValue).zone",
                hasDialback: true, values: ["level": level, "present_certificate": "true"])
        }

        @Test(arguments: ["authenticated", "encrypted"])
        func `OW-03, DB-16: A second Prosody with the first one's domain is refused, and its sender is told`(
            level: String
        ) throws {
            try Self.pairing(with: .prosody, level: level).run { pairing in
                let place = try ServerPlace(
                    named: "prosody",
                    certificate: pairing.authority.makeSelfSigned(CertificateRequest(["prosody.example"])))
                let network = try TestNetwork(
                    scenario: "19-dialback", zone: "impostor.zone", authority: pairing.authority,
                    hasDialback: true, values: pairing.ligasePlace.templateValues, places: place)
                let impostor = try network.startProsody()
                let component = try place.connectComponent()
                try network.showingLogs {
                    try component.send(
                        "<message from='x@prosody.example' to='a@ligase.example' id='i1'><body>Trust me</body></message>"
                    )
                    let bounce = try component.receive()
                    #expect(bounce.attribute("id") == "i1")
                    #expect(bounce.attribute("type") == "error")
                }
                #expect(impostor.logs("sent dialback key on outgoing s2s stream"))
                #expect(impostor.logs("dialback authentication failed"))
                #expect(pairing.peer.logs("Asked to verify a dialback key that was incorrect"))
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.ligase.associations("inbound") == [])
                // The domain's own server is none the worse for it.
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd], ["authenticated", "encrypted"])
        func `OW-03, DB-16: A made-up key is disowned by the domain's server, and its bearer reads invalid`(
            kind: ForeignServer.Kind, level: String
        ) throws {
            try Self.pairing(with: kind, level: level).run { pairing in
                let domain = pairing.peerSide.domain
                let impostor = try ScriptedPeer(
                    dialling: pairing.ligasePlace.s2s, for: "ligase.example", over: .startTLS, presenting: nil,
                    trusting: pairing.authority)
                let (_, features) = try impostor.openStream(from: domain, to: "ligase.example")
                #expect(!features.contains("mechanism"))
                #expect(features.contains("dialback"))
                try impostor.conversation.send(
                    "<db:result from='\(domain)' to='ligase.example'>\(String(repeating: "0", count: 64))</db:result>")
                let answer = try impostor.conversation.receiveElement()
                #expect(answer.name == "db:result")
                #expect(answer.attribute("type") == "invalid")
                #expect(answer.attribute("from") == "ligase.example")
                #expect(answer.attribute("to") == domain)
                #expect(try impostor.conversation.receiveElementOrEnd() == nil)
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.ligase.associations("inbound") == [])
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `DB-24, DB-25: Ligase disowns a key that an impostor of its domain shows to a foreign server`(
            kind: ForeignServer.Kind
        ) throws {
            try Self.pairing(with: kind, level: "authenticated").run { pairing in
                let domain = pairing.peerSide.domain
                let impostor = try ScriptedPeer(
                    dialling: pairing.peerPlace.s2s, for: domain, over: .startTLS, presenting: nil,
                    trusting: pairing.authority)
                _ = try impostor.openStream(from: "ligase.example", to: domain)
                try impostor.conversation.send(
                    "<db:result from='ligase.example' to='\(domain)'>\(String(repeating: "0", count: 64))</db:result>")
                let answer = try impostor.conversation.receiveElement()
                #expect(answer.name == "db:result")
                #expect(answer.attribute("type") == "invalid")
                #expect(try pairing.ligase.associations("outbound") == [])
            }
        }
    }
}
