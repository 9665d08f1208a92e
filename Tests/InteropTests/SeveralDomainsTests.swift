import TestSupport
import Testing

extension Interop {
    /// Scenario `23-several-domains`: three domains here, two there, and as few streams as the foreign server allows.
    @Suite("23: Several domains")
    struct SeveralDomainsTests {
        /// The foreign server with our three domains' components, and its two.
        final class Meeting {
            let pairing: Pairing
            let ours: [ComponentClient]
            let theirs: [ComponentClient]

            init(
                with kind: ForeignServer.Kind, namesAll: Bool = true, theirNames: Bool = true,
                level: String = "authenticated"
            ) throws {
                let further = ["second.example", "third.example"]
                pairing = try Pairing(
                    "23-several-domains", with: kind, zone: "\(kind.rawValue).zone",
                    further: namesAll ? further : [], peerFurther: theirNames ? ["rooms.\(kind.rawValue).example"] : [],
                    values: ["level": level, "bidirectional": "false"])
                let (here, there) = (pairing.ligasePlace, pairing.peerPlace)
                ours =
                    try [pairing.ligaseSide]
                    + further.map { try ComponentClient($0, secret: here.secret, at: here.component) }
                theirs = [
                    pairing.peerSide,
                    try ComponentClient("rooms.\(there.domain)", secret: there.secret, at: there.component),
                ]
            }
        }

        /// Sends a message, and expects it at the other end.
        private static func send(_ id: String, from sender: ComponentClient, to receiver: ComponentClient) throws {
            try sender.send(
                "<message from='a@\(sender.domain)' to='b@\(receiver.domain)' id='\(id)'><body>Hello</body></message>")
            let message = try receiver.receive()
            #expect(message.attribute("id") == id)
            #expect(message.attribute("from") == "a@\(sender.domain)")
            #expect(message.attribute("type") == nil, "\(message)")
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd], [true, false])
        func `PA-01, PA-02: Our three domains are asserted on one stream, whether or not the certificate names them`(
            kind: ForeignServer.Kind, namesAll: Bool
        ) throws {
            let meeting = try Meeting(with: kind, namesAll: namesAll)
            try meeting.pairing.run { pairing in
                for (number, sender) in meeting.ours.enumerated() {
                    try Self.send("a\(number)", from: sender, to: meeting.theirs[0])
                }
                // On a stream that has been there for all of them, and in order.
                for (number, sender) in meeting.ours.enumerated() {
                    try Self.send("b\(number)", from: sender, to: meeting.theirs[0])
                }
                #expect(try pairing.ligase.streams("outbound").count == 1)
                let associations = try pairing.ligase.associations("outbound")
                #expect(associations.count == 3)
                #expect(associations.count { $0.contains(#""mechanism":"assertion""#) } == 2, "\(associations)")
                for sender in meeting.ours.dropFirst() { #expect(pairing.peer.dialledBack(sender.domain)) }
            }
        }

        /// A foreign server, whether its certificate names its second domain, and how many streams lead there.
        struct Supposition: Sendable, CustomStringConvertible {
            var kind: ForeignServer.Kind
            var namesBoth: Bool
            var streams: Int
            var description: String { "\(kind), \(namesBoth ? "names both" : "names one"), \(streams) streams" }
        }

        // Where no certificate names a domain, only encryption is left to take it by.
        @Test(arguments: [
            Supposition(kind: .ejabberd, namesBoth: true, streams: 1),
            Supposition(kind: .ejabberd, namesBoth: false, streams: 2),
            Supposition(kind: .prosody, namesBoth: true, streams: 2),
            Supposition(kind: .prosody, namesBoth: false, streams: 2),
        ])
        func `PS-01, PS-02, PS-03: A second domain of a server takes the stream of who proves it and announces errors`(
            trial: Supposition
        ) throws {
            let meeting = try Meeting(
                with: trial.kind, theirNames: trial.namesBoth, level: trial.namesBoth ? "authenticated" : "encrypted")
            try meeting.pairing.run { pairing in
                for round in ["a", "b"] {
                    for (number, receiver) in meeting.theirs.enumerated() {
                        try Self.send("\(round)\(number)", from: meeting.ours[0], to: receiver)
                    }
                }
                #expect(try pairing.ligase.streams("outbound").count == trial.streams)
                let associations = try pairing.ligase.associations("outbound")
                #expect(associations.count == 2)
                #expect(
                    associations.count { $0.contains(#""mechanism":"supposition""#) } == 2 - trial.streams,
                    "\(associations)")
                // Who would close is not asked: Prosody does when it is asked for a domain that it does not have.
                #expect(!pairing.peer.logs("unsupported-stanza-type", within: .zero))
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `PA-01, OW-04: Both servers open a stream for each pair, and each is taken`(
            kind: ForeignServer.Kind
        ) throws {
            let meeting = try Meeting(with: kind)
            try meeting.pairing.run { pairing in
                for (number, sender) in meeting.theirs.enumerated() {
                    for (index, receiver) in meeting.ours.enumerated() {
                        try Self.send("a\(number)-\(index)", from: sender, to: receiver)
                    }
                }
                #expect(try pairing.ligase.streams("inbound").count == 6)
                #expect(try pairing.ligase.associations("inbound").count == 6)
            }
        }
    }
}
