import TestSupport
import Testing

extension Interop {
    /// Scenarios `19-dialback` and `20-withheld-certificate`: who has no certificate that the other takes is dialled back.
    @Suite("19, 20: Dialback")
    struct DialbackTests {
        /// Who federates, with what, and what has to come of it.
        struct Case: Sendable, CustomStringConvertible {
            var kind: ForeignServer.Kind
            var ligase = Pairing.Identity.good
            var presents = true
            var peer = Pairing.Identity.good
            var level = "authenticated"
            /// Whether Prosody demands a certificate, as Debian configures it.
            var securesAuthentication = false

            var description: String {
                let ours = presents ? "\(ligase)" : "withheld"
                return "\(kind), our certificate \(ours), its own \(peer), level \(level)"
            }

            func start() throws -> Pairing {
                try Pairing(
                    "19-dialback", with: kind, zone: "\(kind.rawValue).zone", ligase: ligase, peer: peer,
                    hasDialback: true,
                    values: [
                        "level": level, "present_certificate": "\(presents)",
                        "prosody.secure_auth": "\(securesAuthentication)",
                    ])
            }
        }

        static let ours: [Case] = [
            Case(kind: .prosody, ligase: .selfSigned),
            Case(kind: .prosody, ligase: .wrongName),
            Case(kind: .prosody, presents: false),
            Case(kind: .ejabberd, ligase: .selfSigned),
            Case(kind: .ejabberd, ligase: .serverOnly),
            Case(kind: .ejabberd, presents: false),
        ]

        @Test(arguments: ours)
        func `SE-11, OW-01, DB-24: A server that does not take our certificate dials us back, at every level`(
            trial: Case
        ) throws {
            try trial.start().run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.dialledBack("ligase.example"))
                #expect(!pairing.peer.logs("EXTERNAL identity from ligase.example", within: .zero))
                // Its own certificate is good, in both directions; our level judges that and nothing of ours.
                try pairing.expectOnlyAssociation(
                    "outbound", #""level":"authenticated""#, #""mechanism":"server-identity","prooftype":"pkix""#)
                try pairing.expectOnlyAssociation("inbound", #""mechanism":"external","prooftype":"pkix""#)
            }
        }

        @Test(arguments: [
            Case(kind: .prosody, presents: false, securesAuthentication: true),
            Case(kind: .prosody, ligase: .selfSigned, securesAuthentication: true),
        ])
        func `SE-11: A Prosody that demands a certificate closes at once, and the sender is told`(trial: Case) throws {
            try trial.start().run { pairing in
                try pairing.ligaseSide.send("<message from='a@ligase.example' to='b@prosody.example' id='s1'/>")
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "s1")
                #expect(bounce.contains("remote-server-timeout"))
                #expect(bounce.stanzaError?.text.contains("certificate") == true, "\(bounce)")
                #expect(!pairing.peer.logs("asking ligase.example", within: .zero))
                #expect(try pairing.peerSide.receiveNothingMore() == [])
            }
        }

        static let theirs: [Case] = [
            Case(kind: .prosody, peer: .selfSigned, level: "encrypted"),
            Case(kind: .prosody, peer: .wrongName, level: "encrypted"),
            Case(kind: .prosody, peer: .untrustedAuthority, level: "encrypted"),
            Case(kind: .ejabberd, peer: .selfSigned, level: "encrypted"),
            Case(kind: .ejabberd, peer: .wrongName, level: "encrypted"),
            Case(kind: .ejabberd, peer: .untrustedAuthority, level: "encrypted"),
        ]

        @Test(arguments: theirs)
        func `OW-02, DB-12, DB-15: A server whose certificate proves nothing is dialled back, where encryption will do`(
            trial: Case
        ) throws {
            try trial.start().run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasDialledBack(by: "ligase.example"))
                try pairing.expectOnlyAssociation("inbound", #""level":"encrypted""#, #""mechanism":"dialback""#)
            }
        }

        @Test(arguments: [
            Case(kind: .prosody, ligase: .selfSigned, peer: .selfSigned, level: "encrypted"),
            Case(kind: .ejabberd, ligase: .selfSigned, peer: .selfSigned, level: "encrypted"),
            Case(kind: .prosody, presents: false, peer: .wrongName, level: "encrypted"),
            Case(kind: .ejabberd, presents: false, peer: .wrongName, level: "encrypted"),
        ])
        func `DB-03, DB-15, OW-04: Where neither takes the other's certificate, both dial back on streams of their own`(
            trial: Case
        ) throws {
            try trial.start().run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.dialledBack("ligase.example"))
                #expect(pairing.peer.wasDialledBack(by: "ligase.example"))
                #expect(try pairing.ligase.associations("outbound").count == 1)
                try pairing.expectOnlyAssociation("inbound", #""mechanism":"dialback""#)
            }
        }

        @Test(arguments: theirs)
        func `DB-21: The same servers are refused where a proof is demanded, and their senders are told`(
            trial: Case
        ) throws {
            var trial = trial
            trial.level = "authenticated"
            try trial.start().run { pairing in
                try pairing.peerSide.send(
                    "<message from='b@\(trial.kind).example' to='a@ligase.example' id='d1'/>")
                let bounce = try pairing.peerSide.receive(within: .seconds(40))
                #expect(bounce.attribute("id") == "d1")
                #expect(bounce.attribute("type") == "error")
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.ligase.associations("inbound") == [])
            }
        }

        @Test(arguments: ["authenticated", "encrypted"], [true, false])
        func `OW-01, OW-02, OW-03: Prosody withholds its certificate, and the server that answers for it is proved`(
            level: String, wePresent: Bool
        ) throws {
            try Pairing(
                "20-withheld-certificate", with: .prosody,
                values: ["level": level, "present_certificate": "\(wePresent)"]
            ).run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasDialledBack(by: "ligase.example"))
                try pairing.expectOnlyAssociation(
                    "inbound", #""level":"authenticated""#, #""mechanism":"dialback","prooftype":"pkix""#)
                // The answer went back over a stream of ours.
                #expect(pairing.peer.logs("asking ligase.example if key", within: .zero) == !wePresent)
                try pairing.expectOnlyAssociation("outbound", #""mechanism":"server-identity","prooftype":"pkix""#)
            }
        }

        @Test func `PS-01, DB-14: A server with two domains is asked about both on one connection`() throws {
            try Pairing(
                "20-withheld-certificate", with: .prosody, peerFurther: ["rooms.prosody.example"],
                values: ["level": "authenticated", "present_certificate": "true"]
            ).run { pairing in
                let place = pairing.peerPlace
                let rooms = try ComponentClient("rooms.prosody.example", secret: place.secret, at: place.component)
                for (number, sender) in [pairing.peerSide, rooms].enumerated() {
                    try sender.send("<message from='a@\(sender.domain)' to='b@ligase.example' id='m\(number)'/>")
                    #expect(try pairing.ligaseSide.receive().attribute("id") == "m\(number)")
                }
                let associations = try pairing.ligase.associations("inbound")
                #expect(associations.count { $0.contains(#""mechanism":"dialback","prooftype":"pkix""#) } == 2)
                #expect(try pairing.ligase.streams("outbound").count == 1)
            }
        }
    }
}
