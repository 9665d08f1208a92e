import TestSupport
import Testing

extension Interop {
    /// Scenario `24-bidirectional`: stanzas in both directions on one stream with Prosody. ejabberd 23.01 has no such thing.
    @Suite("24: Streams of both directions")
    struct BidirectionalTests {
        /// Who opens the stream, and who is proved by a certificate.
        struct Case: Sendable, CustomStringConvertible {
            var weOpen: Bool
            var ligase = Pairing.Identity.good
            var peer = Pairing.Identity.good
            var level = "authenticated"
            var isOn = true

            var asksForKey: Bool { ligase != .good || peer != .good }

            var description: String {
                "\(weOpen ? "we open" : "Prosody opens"), our certificate \(ligase), its own \(peer), on: \(isOn)"
            }

            func start() throws -> Pairing {
                try Pairing(
                    "24-bidirectional", with: .prosody, ligase: ligase, peer: peer,
                    hasDialback: true,
                    values: [
                        "level": level, "bidirectional": "\(isOn)", "prosody.modules": #", "dialback", "s2s_bidi""#,
                    ])
            }
        }

        @Test(arguments: [
            Case(weOpen: true), Case(weOpen: false),
            Case(weOpen: true, ligase: .selfSigned),
            Case(weOpen: false, peer: .selfSigned, level: "encrypted"),
            Case(weOpen: true, isOn: false), Case(weOpen: false, isOn: false),
        ])
        func `BI-01, BI-02, BI-04, BI-08: What Prosody or we answer takes the stream that the question came on`(
            trial: Case
        ) throws {
            try trial.start().run { pairing in
                let (opener, other) =
                    trial.weOpen ? (pairing.ligaseSide, pairing.peerSide) : (pairing.peerSide, pairing.ligaseSide)
                try StanzaExchange.run(from: opener, to: other)
                try StanzaExchange.run(from: other, to: opener)
                let (mine, back) = trial.weOpen ? ("outbound", "inbound") : ("inbound", "outbound")
                #expect(try pairing.ligase.streams(mine).count == 1)
                // Where a key was asked about, that took a connection of its own (DB-13).
                #expect(try pairing.ligase.streams(back).count == (trial.isOn && !trial.asksForKey ? 0 : 1))
                let word = trial.weOpen ? "Requested bidirectional stream" : "Requesting bidirectional stream"
                #expect(pairing.peer.logs(word, within: .zero) == trial.isOn)
            }
        }

        @Test(arguments: [true, false])
        func `BI-04, BI-05: Our further domains lose nothing beside such a stream, which Prosody keeps for one pair`(
            weOpen: Bool
        ) throws {
            try Case(weOpen: weOpen).start().run { pairing in
                let place = pairing.ligasePlace
                let second = try ComponentClient("second.example", secret: place.secret, at: place.component)
                let (opener, other) =
                    weOpen ? (pairing.ligaseSide, pairing.peerSide) : (pairing.peerSide, pairing.ligaseSide)
                try StanzaExchange.run(from: opener, to: other)
                // While stanzas flow on that stream, another domain wants to go there.
                try second.send("<message from='a@second.example' to='b@prosody.example' id='other'/>")
                var (sent, received): ([String], [String]) = ([], [])
                while !received.contains("other"), sent.count < 5000 {
                    sent.append("\(sent.count)")
                    try pairing.ligaseSide.send(
                        "<message from='a@ligase.example' to='b@prosody.example' id='\(sent.count - 1)'/>")
                    received += try pairing.peerSide.receiveNothingMore().map { $0.attribute("id") ?? "" }
                }
                while received.count < sent.count + 1 {
                    received.append(try pairing.peerSide.receive().attribute("id") ?? "")
                }
                #expect(received.filter { $0 != "other" } == sent)
                try StanzaExchange.run(from: other, to: opener)
                try StanzaExchange.run(from: pairing.peerSide, to: second)
                #expect(!pairing.peer.logs("invalid-id", within: .zero))
            }
        }
    }
}
