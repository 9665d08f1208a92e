import TestSupport
import Testing

extension Interop {
    /// Scenario `21-dialback-in-clear`: servers without any TLS, for which level `verified` exists.
    @Suite("21: Dialback in clear")
    struct ClearDialbackTests {
        private static func pairing(with kind: ForeignServer.Kind, level: String, starttls: String = "false") throws
            -> Pairing
        {
            try Pairing(
                "21-dialback-in-clear", with: kind, zone: "\(kind.rawValue).zone",
                values: ["level": level, "present_certificate": "true", "ejabberd.starttls": starttls])
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `DB-01, DB-15, OW-04: Both dial back in clear at level verified, from either side`(
            kind: ForeignServer.Kind
        ) throws {
            try Self.pairing(with: kind, level: "verified").run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasDialledBack(by: "ligase.example"))
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.dialledBack("ligase.example"))
                try pairing.expectOnlyAssociation(
                    "inbound", #""level":"verified""#, #""mechanism":"dialback","prooftype":"dialback""#)
                try pairing.expectOnlyAssociation("outbound", #""level":"verified""#)
            }
        }

        /// It dials over TLS, showing no certificate, and offers others a STARTTLS that it then refuses: no leave to go on in clear.
        @Test func `OW-01, TL-07: ejabberd without a certificate cannot be dialled back, and its sender is told`()
            throws
        {
            try Self.pairing(with: .ejabberd, level: "verified", starttls: "optional").run { pairing in
                try pairing.peerSide.send("<message from='b@ejabberd.example' to='a@ligase.example' id='n1'/>")
                let bounce = try pairing.peerSide.receive(within: .seconds(40))
                #expect(bounce.attribute("id") == "n1")
                #expect(bounce.attribute("type") == "error")
                #expect(pairing.peer.logs("TLS failed: no_certfile"))
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.ligase.associations("inbound") == [])
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd], ["authenticated", "encrypted"])
        func `TL-07, DB-21: Above that level such a server gets nothing, and gets nothing across`(
            kind: ForeignServer.Kind, level: String
        ) throws {
            try Self.pairing(with: kind, level: level).run { pairing in
                for (sender, receiver) in [
                    (pairing.ligaseSide, pairing.peerSide), (pairing.peerSide, pairing.ligaseSide),
                ] {
                    try sender.send(
                        "<message from='a@\(sender.domain)' to='b@\(receiver.domain)' id='c1'><body>Hello</body></message>"
                    )
                    let bounce = try sender.receive(within: .seconds(40))
                    #expect(bounce.attribute("id") == "c1")
                    #expect(bounce.attribute("type") == "error")
                    #expect(try receiver.receiveNothingMore() == [])
                }
            }
        }
    }
}
