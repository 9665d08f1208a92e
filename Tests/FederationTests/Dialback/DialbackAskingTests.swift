import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Our part as the one who asks an authoritative server: one connection for a domain, used well and ended in time.
@Suite("dialback: asking about keys")
struct DialbackAskingTests {
    @Test(arguments: [1, 2])
    func `DB-14, DO-06: keys of one domain go over one connection, whatever stream and loop they come from`(
        loops: Int
    ) async throws {
        try await script {
            let stage = try DialbackStage(loops: loops)
            var callers: [Peer] = []
            for number in 0..<8 {
                let (peer, _) = try stage.calling()
                try peer.send(Peer.result("key-\(number)", from: "b.example", to: "a.example"))
                callers.append(peer)
            }
            let authority = try stage.authority()
            var keys: Set<String> = []
            for _ in callers { keys.insert(try authority.answerQuestion("valid").content) }
            #expect(keys == Set((0..<8).map { "key-\($0)" }))
            for caller in callers { #expect(try caller.readDialback("result").verdict == "valid") }
            // Later ones as well, for other domains of ours too.
            try callers[0].send(Peer.result("late", from: "b.example", to: "rooms.example"))
            #expect(try authority.answerQuestion("valid").from == "rooms.example")
            #expect(try callers[0].readDialback("result").verdict == "valid")
            #expect(stage.isUntouched)
            #expect(stage.node.metric(.streamsOpened) == 1)
        }
    }

    @Test func `DB-14, PA-04: a connection for questions rests for verify_idle and is closed, and the pair stays`()
        async throws
    {
        try await script {
            let stage = try DialbackStage(settings: "[timeouts]\nverify_idle = 1\nclose = 1")
            let (peer, authority) = try stage.proved()
            let end = try authority.read(until: "</stream:stream>")
            #expect(end == "</stream:stream>")
            try authority.send("</stream:stream>")
            #expect(try authority.readToEnd().isEmpty)
            #expect(try stage.passes(peer, "on"))
            // The next key needs another one.
            try peer.send(Peer.result("next", from: "b.example", to: "rooms.example"))
            let next = try stage.authority()
            try next.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            // Who is asked something does not rest meanwhile.
            try peer.send(Peer.result("slow", from: "c.example", to: "a.example"))
            let slow = try stage.authority("c.example")
            let question = try slow.readDialback("verify")
            #expect(try slow.readWhatComes(within: .milliseconds(1300)).isEmpty)
            try slow.answer(question, "valid")
            #expect(try peer.readDialback("result").verdict == "valid")
        }
    }

    private enum End: CaseIterable { case orderly, byError, byReset }

    @Test(arguments: End.allCases)
    private func `PA-04: whoever ends the auxiliary connection, what was proved over it stays`(end: End) async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            var authority: Peer? = try stage.authority()
            try authority?.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            switch end {
            case .orderly: try authority?.send("</stream:stream>")
            case .byError:
                try authority?.send(
                    "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                        + "</stream:stream>")
            case .byReset: authority = nil
            }
            #expect(eventually(within: .seconds(5)) { stage.node.counts?.streams == 1 })
            #expect(try stage.passes(peer, "on"))
            #expect(stage.associations.map(\.mechanism) == ["dialback"])
        }
    }

    @Test func `DB-13, DB-14: a stream of ours that carries stanzas to the server is asked as well`() async throws {
        try await script {
            let stage = try DialbackStage()
            try stage.send()
            let own = try stage.accepted()
            #expect(try own.read(until: "</message>").contains("hello"))
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            #expect(try own.answerQuestion("valid").content == "key")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(stage.isUntouched)
            // OW-04: stanzas do not change their way.
            try stage.send("again")
            #expect(try own.read(until: "</message>").contains("again"))
        }
    }

    @Test func `DB-14, DB-20: a connection that was about to end is no answer, and the next is asked`() async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, authority) = try stage.proved()
            try peer.send(Peer.result("key", from: "b.example", to: "rooms.example"))
            try authority.readDialback("verify")
            try authority.send("</stream:stream>")
            let next = try stage.authority()
            try next.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            // That happens once: a server that ends every connection has given its answer.
            try peer.send(Peer.result("key", from: "c.example", to: "a.example"))
            let last = try stage.authority("c.example")
            try last.readDialback("verify")
            try last.send("</stream:stream>")
            #expect(try peer.readDialback("result").verdict == "error remote-server-timeout")
            #expect(stage.isUntouched)
        }
    }

    @Test func `DB-19, DO-06: a server that cannot be reached is not dialled for every key`() async throws {
        try await script {
            let closed = try Endpoint.unused(on: LoopbackAddress.unused())
            let stage = try DialbackStage(
                "_xmpp-server._tcp.closed SRV 0 0 \(closed.port) closed-host\nclosed-host A \(closed.address)",
                settings: "[timeouts]\nretry_after_failure = [60]")
            for _ in 0..<3 {
                let (peer, _) = try stage.calling(from: "closed.example")
                for _ in 0..<20 {
                    let answer = try peer.prove("closed.example", to: "a.example")
                    #expect(answer.verdict == "error remote-connection-failed")
                }
            }
            #expect(stage.node.metric(.lookups) == 1)
        }
    }

    // MARK: - Two pairs at once

    @Test func `DB-09, PA-03: two pending pairs keep their keys and answers apart, in whatever order they come`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let (peer, id) = try stage.calling()
            try peer.send(Peer.result("b-key", from: "b.example", to: "a.example"))
            let first = try stage.authority()
            try peer.send(
                Peer.result("c-key", from: "c.example", to: "a.example")
                    + Peer.result("rooms-key", from: "b.example", to: "rooms.example"))
            let second = try stage.authority("c.example")
            let questions = [try first.readDialback("verify"), try first.readDialback("verify")]
            #expect(questions.map(\.content) == ["b-key", "rooms-key"] && questions.allSatisfy { $0.id == id })
            let other = try second.readDialback("verify")
            // An answer for a pair that another server was asked about counts for nothing.
            try first.send(Peer.verify("", from: "c.example", to: "a.example", id: id, type: "valid"))
            try second.send(Peer.verify("", from: "b.example", to: "a.example", id: id, type: "valid"))
            try first.answer(questions[1], "valid")
            #expect(try peer.readDialback("result").from == "rooms.example")
            try second.answer(other, "invalid")
            let refused = try peer.readDialback("result")
            #expect(refused.verdict == "error forbidden" && refused.to == "c.example")
            try first.answer(questions[0], "valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(
                Set(stage.associations.map { "\($0.remote) to \($0.local)" }) == [
                    "b.example to a.example", "b.example to rooms.example",
                ])
        }
    }
}
