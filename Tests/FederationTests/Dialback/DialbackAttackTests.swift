import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Whoever speaks for a domain that is not his own.
@Suite("attacks on dialback")
struct DialbackAttackTests {
    // MARK: - Forged answers

    /// Where a forger says `valid`, and in which words; KEYID stands for the stream on which the key came.
    private static let forgeries: [String] = [
        "<db:verify from='b.example' to='a.example' id='KEYID' type='valid'/>",
        "<db:result from='b.example' to='a.example' type='valid'/>",
        "<db:result from='a.example' to='b.example' type='valid'/>",
        "<db:verify from='a.example' to='b.example' id='KEYID' type='valid'/>",
        "<db:verify from='b.example' to='a.example' id='KEYID' type='invalid'/>",
    ]

    private enum Place: CaseIterable { case sameStream, otherStream, otherServer }

    @Test(arguments: forgeries, Place.allCases)
    private func `DB-09, DB-10, OW-03: a forged answer has no effect wherever it is given, and the true one has`(
        forgery: String, place: Place
    ) async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, id) = try stage.calling()
            let bystander = try stage.calling(from: "c.example").peer
            try peer.send(
                Peer.result("key", from: "b.example", to: "a.example")
                    + Peer.result("key", from: "c.example", to: "rooms.example"))
            var servers: [Peer] = []
            for _ in 0..<2 {
                let (server, domain) = try stage.anyAuthority()
                servers.insert(server, at: domain == "b.example" ? 0 : servers.count)
            }
            let question = try servers[0].readDialback("verify")
            try servers[1].readDialback("verify")
            let words = forgery.split(separator: "KEYID").joined(separator: id)
            switch place {
            case .sameStream: try peer.send(words)
            case .otherStream: try bystander.send(words)
            case .otherServer: try servers[1].send(words)
            }
            // Whatever it did is done once the next answer is there.
            try bystander.send(Peer.verify("x", from: "c.example", to: "a.example", id: "y"))
            #expect(try bystander.readDialback("verify").verdict == "invalid")
            #expect(stage.associations.isEmpty)
            try servers[0].answer(question, "invalid")
            #expect(try peer.readDialback("result").verdict == "invalid")
            #expect(try !peer.readToEnd().contains("valid'/><db") && stage.associations.isEmpty)
        }
    }

    /// How a server answers that means something else, twice or too late.
    private enum Misconduct: CaseIterable { case otherPair, otherID, swapped, noType, twice, afterwards, floods }

    @Test(arguments: Misconduct.allCases)
    private func `DB-09, DB-20: a server that answers something else, twice or endlessly has answered once at most`(
        misconduct: Misconduct
    ) async throws {
        try await script {
            let isTimed = misconduct != .floods && misconduct != .twice
            let stage = try DialbackStage(settings: "[timeouts]\ndialback = \(isTimed ? 8 : 30)")
            let (peer, id) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            let authority = try stage.authority()
            let question = try authority.readDialback("verify")
            func say(_ type: String?, from: String = "b.example", to: String = "a.example", id: String) throws {
                try authority.send(Peer.verify("", from: from, to: to, id: id, type: type))
            }
            switch misconduct {
            case .otherPair: try say("valid", from: "b.example", to: "rooms.example", id: id)
            case .otherID: try say("valid", id: id + "x")
            case .swapped: try say("valid", from: "a.example", to: "b.example", id: id)
            case .noType: try authority.send("<db:verify from='b.example' to='a.example' id='\(id)' type='maybe'/>")
            case .twice:
                try say("invalid", id: id)
                try say("valid", id: id)
                #expect(try peer.readDialback("result").verdict == "invalid")
                #expect(try peer.readToEnd().contains("</stream:stream>"))
                return #expect(stage.associations.isEmpty)
            case .afterwards:
                #expect(try peer.readDialback("result").verdict == "error remote-server-timeout")
                try authority.answer(question, "valid")
                #expect(try peer.readWhatComes(within: .milliseconds(100)).isEmpty)
                return #expect(stage.associations.isEmpty)
            case .floods:
                let line = Peer.verify("", from: "b.example", to: "a.example", id: "none", type: "valid")
                let lines = String(repeating: line, count: 100)
                for _ in 0..<50 { try authority.send(lines) }
                // Others are served meanwhile, and it is believed where it was asked.
                try authority.answer(question, "valid")
                #expect(try peer.readDialback("result").verdict == "valid")
                return #expect(stage.node.log.utf8.count < 200_000)
            }
            #expect(try peer.readDialback("result").verdict == "error remote-server-timeout")
            #expect(stage.associations.isEmpty)
        }
    }

    // MARK: - Keys that belong elsewhere

    /// What a stranger who is a good server of `c.example` does with the key that `b.example` gave him.
    private static let replays: [(sender: String, target: String)] = [
        ("b.example", "a.example"), ("b.example", "rooms.example"), ("sub.b.example", "a.example"),
    ]

    @Test(arguments: replays)
    func `DB-24, DK-01, OW-03: a key that was given to another, for the very stream, opens nothing`(
        sender: String, target: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: "authenticated")
            let genuine = try Node(
                "b", [.component("b.example"), .component("sub.b.example")], in: stage.network,
                tls: "present_certificate = false")
            let place = stage.listener.endpoint
            try stage.network.setZone(
                "_xmpp-server._tcp.c SRV 0 0 \(place.port) host\nhost A \(place.address)\n"
                    + genuine.records(for: "b") + "_xmpp-server._tcp.sub.b SRV 0 0 \(genuine.s2s.port) host-b\n")
            // The identifier that we gave the stranger is the one that he gives to `b.example`.
            let (peer, id) = try stage.calling(from: sender)
            let user = try genuine.connect("b.example")
            try user.send(Peer.message("u@b.example", "v@c.example", "hello"))
            let stranger = try Peer(accepted: stage.listener.accept())
            try stranger.serveUntilSecured("c.example")
            try stranger.read(until: "<stream:stream")
            try stranger.send(
                Peer.header(from: "c.example", to: nil, id: id, extra: Peer.dialbackNamespace)
                    + "<stream:features>\(Peer.dialbackOffer)</stream:features>")
            let key = try stranger.readDialback("result")
            #expect(key.from == "b.example" && key.to == "c.example")
            try peer.send(Peer.result(key.content, from: sender, to: target))
            #expect(try peer.readDialback("result").verdict == "invalid")
            #expect(try peer.readToEnd().contains("</stream:stream>"))
            #expect(stage.associations.isEmpty)
            #expect(stage.node.log.contains("forged") && genuine.log.contains("not ours"))
        }
    }

    @Test func `OW-03, PT-05: who takes our place in DNS is given no key that he could relay`() async throws {
        try await script {
            let stage = try DialbackStage(level: "authenticated")
            try stage.send()
            let relay = try Peer(accepted: stage.listener.accept())
            #expect(throws: HarnessFailure.self) {
                try relay.serveDialback("b.example", with: Network.issue("mallory.example"))
                try relay.answerKey("valid")
            }
            #expect(stage.node.metric(.proofsRefused) == 1 && stage.associations.isEmpty)
        }
    }

    // MARK: - Stanzas and keys out of their turn

    /// What is sent in one go, and whether our server is asked about it.
    private static let impatience: [String] = [
        Peer.message("u@b.example", "x@a.example", "spoofed"),
        Peer.result("key", from: "b.example", to: "a.example") + Peer.message("u@b.example", "x@a.example", "spoofed"),
        Peer.result("key", from: "b.example", to: "a.example")
            + "<db:result from='b.example' to='a.example' type='valid'/>"
            + Peer.message("u@b.example", "x@a.example", "spoofed"),
    ]

    @Test(arguments: impatience)
    func `OW-01, DB-15, XS-18: stanzas in front of the proof end the stream, and none is delivered`(text: String)
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.calling()
            try peer.send(text)
            #expect(try peer.readToEnd().contains("<not-authorized"))
            if text.contains("db:result"), let authority = try? stage.authority() {
                _ = try? authority.answerQuestion("valid")
            }
            #expect(stage.associations.isEmpty && stage.node.metric(.stanzasReceived) == 0)
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `DB-18, DO-06: a domain whose records lead to ourselves is not served here, and no circle`() async throws
    {
        try await script {
            let stage = try DialbackStage()
            let (own, place) = (stage.node.s2s, stage.listener.endpoint)
            try stage.network.setZone(
                """
                _xmpp-server._tcp.b SRV 0 0 \(place.port) host
                host A \(place.address)
                _xmpp-server._tcp.mirror SRV 0 0 \(own.port) self
                self A \(own.address)

                """)
            let (peer, _) = try stage.proved()
            #expect(try peer.prove("mirror.example", to: "a.example").verdict == "error remote-server-not-found")
            #expect(try peer.prove("mirror.example", to: "rooms.example").verdict == "error remote-server-not-found")
            #expect(try stage.passes(peer, "on") && stage.node.metric(.streamsOpened) == 2)
        }
    }

    @Test func `DB-09, XS-17: a key behind the end of the stream is nobody's`() async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.calling()
            try peer.send("</stream:stream>" + Peer.result("key", from: "b.example", to: "a.example"))
            #expect(try !peer.readToEnd().contains("db:"))
            #expect(stage.isUntouched && stage.node.counts?.streams == 0)
        }
    }

    // MARK: - Disappearing

    /// The moments at which a peer goes, or the server that is asked about it.
    private enum Moment: CaseIterable {
        case asked, dialled, inClear, questioned, answered, serverInClear, serverQuestioned
    }

    @Test(arguments: [1, 2])
    func `DO-06, DO-01, DB-20: whoever disappears at whatever moment leaves nothing behind`(loops: Int) async throws {
        try await script {
            let domains = (0..<21).map { "d\($0)" }
            let stage = try DialbackStage(
                domains.map { "_xmpp-server._tcp.\($0) SRV 0 0 PORT host" }.joined(separator: "\n"),
                settings: "[timeouts]\ndialback = 2\nverify_idle = 0\nclose = 1",
                limits: "streams_per_address = 3\nhandshakes_per_second_per_address = 0", loops: loops)
            // More often than there is room for anything that would stay.
            for (number, domain) in domains.enumerated() {
                let moment = Moment.allCases[number % Moment.allCases.count]
                try Self.disappear(at: moment, as: "\(domain).example", stage)
                let isClean = eventually(within: .seconds(10)) {
                    guard let counts = stage.node.counts else { return false }
                    return counts.streams == 0 && counts.associations == 0 && counts.dialbackQuestions == 0
                }
                #expect(isClean, "\(domain), \(moment): \(String(describing: stage.node.counts))")
                while !stage.isUntouched {}
            }
            let (peer, _) = try stage.proved()
            #expect(try stage.passes(peer, "on"))
        }
    }

    private static func disappear(at moment: Moment, as domain: String, _ stage: DialbackStage) throws {
        let (peer, _) = try stage.calling(from: domain)
        try peer.send(Peer.result("key", from: domain, to: "a.example"))
        if moment == .asked { return }
        do {
            let authority = try Peer(accepted: stage.listener.accept())
            if moment == .dialled { return }
            try authority.serveHeader(domain, Peer.offer)
            if moment == .inClear { return }
            if moment != .serverInClear {
                try authority.read(until: Peer.startTLS)
                try authority.send(Peer.proceed)
                try authority.secureAsServer(with: Network.issue(domain).identity())
                try authority.serveDialbackHeader(domain)
                let question = try authority.readDialback("verify")
                if moment == .questioned { return }
                if moment == .answered { return try authority.answer(question, "valid") }
            }
        }
        #expect(try peer.readDialback("result").verdict.hasPrefix("error remote-"))
    }
}
