import Diagnostics
import Federation
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// One connection for the questions about all domains of one server, which has to prove to speak for each.
@Suite("dialback: one connection for the domains of a server")
struct SharedQuestionTests {
    private static func result(_ key: String, _ sender: String) -> String {
        Peer.result(key, from: sender, to: "a.example")
    }

    @Test(arguments: ["authenticated", "encrypted"], [1, 4])
    func `PS-01, DB-14, OW-02: a server that proves to be both domains' is asked about both on one connection`(
        level: String, loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: level, loops: loops)
            let (peer, authority) = try stage.proved(by: Network.issue("b.example", "c.example"))
            try peer.send(Self.result("second", "c.example"))
            let question = try authority.answerQuestion("valid")
            #expect([question.content, question.from, question.to] == ["second", "a.example", "c.example"])
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try stage.passes(peer, from: "c.example", "on"))
            #expect(stage.isUntouched && stage.node.metric(.streamsOpened) == 1)
            // Each key takes a proof of its own, and the same connection.
            try peer.send(Peer.result("third", from: "c.example", to: "rooms.example"))
            #expect(try authority.answerQuestion("invalid").content == "third")
            #expect(try peer.readDialback("result").verdict == "error forbidden")
            #expect(stage.node.metric(.streamsOpened) == 1)
        }
    }

    @Test(arguments: [1, 4])
    func `PS-01: a key whose server is being dialled for another domain waits for that connection`(
        loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(loops: loops)
            let (peer, _) = try stage.calling()
            let (other, _) = try stage.calling(from: "c.example")
            try peer.send(Self.result("one", "b.example"))
            let authority = try Peer(accepted: stage.listener.accept())
            try other.send(Self.result("two", "c.example"))
            #expect(eventually(within: .seconds(10)) { stage.node.metric(.lookups) == 2 })
            try authority.serveDialback("b.example", with: Network.issue("b.example", "c.example"))
            var keys: Set<String> = []
            for _ in 0..<2 { keys.insert(try authority.answerQuestion("valid").content) }
            #expect(keys == ["one", "two"])
            for peer in [peer, other] { #expect(try peer.readDialback("result").verdict == "valid") }
            #expect(stage.isUntouched)
        }
    }

    @Test(arguments: ["authenticated", "encrypted"])
    func `PS-02, PA-06: a server that does not prove the domain does not hear its key, and one of its own is dialled`(
        level: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: level)
            let (peer, authority) = try stage.proved()
            try peer.send(Self.result("second", "c.example"))
            let own = try stage.authority("c.example")
            #expect(try own.answerQuestion("valid").content == "second")
            #expect(try peer.readDialback("result").verdict == "valid")
            // What the first one says of the other domain, nobody has asked.
            try authority.send(Peer.verify("", from: "c.example", to: "a.example", id: "x", type: "invalid"))
            #expect(try authority.readWhatComes(within: .milliseconds(100)).isEmpty)
            #expect(try stage.passes(peer, from: "c.example", "on"))
        }
    }

    /// What a server does that minds to be asked about another domain than it was dialled for.
    private enum Displeasure: CaseIterable { case closes, refuses, breaks, resets }

    @Test(arguments: Displeasure.allCases, [1, 4])
    private func `PS-05: who ends the connection for being asked is asked alone, and nobody's key suffers for it`(
        displeasure: Displeasure, loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(loops: loops)
            var (peer, authority): (Peer, Peer?) = try stage.proved(by: Network.issue("b.example", "c.example"))
            let (other, _) = try stage.calling()
            try other.send(Self.result("pending", "b.example"))
            try authority?.readDialback("verify")
            try peer.send(Self.result("second", "c.example"))
            try authority?.readDialback("verify")
            switch displeasure {
            case .closes: try authority?.send("</stream:stream>")
            case .refuses:
                try authority?.send(
                    "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                        + "</stream:stream>")
            case .breaks: try authority?.send("<<")
            case .resets: authority = nil
            }
            var servers: [Peer] = []
            for _ in 0..<2 {
                let (server, _) = try stage.anyAuthority(with: Network.issue("b.example", "c.example"))
                try server.answerQuestion("valid")
                servers.append(server)
            }
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try other.readDialback("result").verdict == "valid")
            // The address is remembered: the next domain does not try.
            #expect(stage.node.metric(.streamsOpened) == 3)
        }
    }

    @Test func `DB-14, PS-05: a server that has answered and then closes is asked so again, on one connection`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let both = try Network.issue("b.example", "c.example")
            let (peer, authority) = try stage.proved(by: both)
            try peer.send(Self.result("second", "c.example"))
            try authority.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            // It has had enough for the time being, with a question about each domain open.
            for sender in ["b.example", "c.example"] {
                try peer.send(Peer.result("late", from: sender, to: "rooms.example"))
                try authority.readDialback("verify")
            }
            try authority.send("</stream:stream>")
            let next = try stage.anyAuthority(with: both).peer
            for _ in 0..<2 { try next.answerQuestion("valid") }
            for _ in 0..<2 { #expect(try peer.readDialback("result").verdict == "valid") }
            #expect(stage.isUntouched && stage.node.metric(.streamsOpened) == 2)
        }
    }

    @Test func `DB-14, PS-02: a domain whose own connection ends is not lost on that of another domain`() async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, first) = try stage.proved()
            try peer.send(Self.result("second", "c.example"))
            let own = try stage.authority("c.example")
            try own.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            try peer.send(Peer.result("late", from: "c.example", to: "rooms.example"))
            try own.readDialback("verify")
            try own.send("</stream:stream>")
            // It is tried on the first connection, which is not proved for it, and then on one of its own once more.
            let next = try stage.authority("c.example")
            #expect(try next.answerQuestion("valid").content == "late")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(!first.hasEnded)
        }
    }

    @Test func `PS-01: where pairs are not to share streams, questions do not either`() async throws {
        try await script {
            let stage = try DialbackStage(federation: "piggybacking = false")
            let (peer, authority) = try stage.proved(by: Network.issue("b.example", "c.example"))
            try peer.send(Self.result("second", "c.example"))
            let own = try stage.authority("c.example")
            try own.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(!authority.hasEnded)
        }
    }

    @Test func `DB-14: what is asked for further domains keeps the connection, which then rests and is closed`()
        async throws
    {
        try await script {
            let stage = try DialbackStage(settings: "[timeouts]\nverify_idle = 1\nclose = 1")
            let (peer, authority) = try stage.proved(by: Network.issue("b.example", "c.example"))
            try peer.send(Self.result("slow", "c.example"))
            let question = try authority.readDialback("verify")
            #expect(try authority.readWhatComes(within: .milliseconds(1300)).isEmpty)
            try authority.answer(question, "valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(try authority.read(until: "</stream:stream>") == "</stream:stream>")
        }
    }

    @Test func `DB-14: a connection that is kept busy takes nothing more after an hour`() async throws {
        try await script {
            let later = Atomic<Int64>(0)
            let stage = try DialbackStage(clock: { Network.now + later.load(ordering: .relaxed) })
            let (peer, authority) = try stage.proved(by: Network.issue("b.example", "c.example"))
            try peer.send(Self.result("soon", "c.example"))
            try authority.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            later.store(3601, ordering: .relaxed)
            for sender in ["c.example", "b.example"] {
                try peer.send(Peer.result("late", from: sender, to: "rooms.example"))
                let next = try stage.authority(sender)
                #expect(try next.answerQuestion("valid").content == "late")
                #expect(try peer.readDialback("result").verdict == "valid")
            }
        }
    }
}
