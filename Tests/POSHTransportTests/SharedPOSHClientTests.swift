import DomainAssociation
import HTTPTestSupport
import Prooftypes
import Testing

@testable import POSHTransport

@Suite("one client for the process")
struct SharedPOSHClientTests {
    @Test func `PO-22: fifty who ask at once on several loops make one request`() async throws {
        let stage = try Stage(loops: 4) { _ in
            var reply = Stage.document()
            reply.delay = .milliseconds(100)
            return reply
        }
        let answers = try await withThrowingTaskGroup(of: PublishedKeys.self) { group in
            for number in 0..<50 { group.addTask { try await stage.retrieve(on: number % 4) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 50 && Set(answers).count == 1 && answers.first?.material != nil)
        #expect(stage.targets == [Stage.path])
        #expect(stage.reports.count == 1)
        _ = try await stage.retrieve(on: 3)
        #expect(stage.targets == [Stage.path])
    }

    @Test func `PO-18: HTTP caching says nothing, and the end of a document does`() async throws {
        let stage = try Stage { _ in
            var reply = Stage.document(60)
            reply.fields = [("Cache-Control", "max-age=999999"), ("Age", "1")]
            return reply
        }
        let first = try await stage.retrieve()
        #expect(first.expires == Stage.moment + 60)
        stage.advance(by: 50)
        #expect(try await stage.retrieve() == first)
        #expect(stage.targets.count == 1)
        stage.advance(by: 11)
        #expect(try await stage.retrieve().expires == Stage.moment + 121)
        #expect(stage.targets.count == 2)
    }

    @Test func `PO-18: an old document that is served again counts from its retrieval, not for ever`() async throws {
        let stage = try Stage { _ in Stage.document(60, seed: "A") }
        let first = try await stage.retrieve()
        stage.advance(by: 61)
        stage.server.follow { _ in Stage.document(60, seed: "B") }
        let next = try await stage.retrieve()
        #expect(next.material != first.material)
        // Nothing keeps what was replaced, so that only the web server itself can bring it back.
        stage.server.follow { _ in ScriptedReply(503) }
        stage.advance(by: 57)
        #expect(try await stage.retrieve().material == next.material)
        stage.advance(by: 61)
        #expect(try await stage.retrieve().material == nil)
    }

    @Test func `PO-18: a failure of a minute does not end what still counts`() async throws {
        let stage = try Stage { _ in Stage.document(600) }
        let first = try await stage.retrieve()
        stage.server.follow { _ in ScriptedReply(500) }
        stage.advance(by: 545)
        #expect(try await stage.retrieve() == first)
        #expect(stage.reports.map(\.hasFailed) == [false, true])
        stage.advance(by: 60)
        #expect(try await stage.retrieve().outcome == "unanswered: status 500")
    }

    @Test func `PO-22: a reload forgets what was retrieved under other rules, and nothing else`() async throws {
        let stage = try Stage { _ in Stage.document() }
        let url = stage.url(Stage.path, host: "other.example")
        stage.server.follow { $0.serverName == "b.example" ? Stage.redirect(to: url) : Stage.document() }
        _ = try await stage.retrieve()
        let address = stage.server.address
        stage.client.replace(try Stage.settings(at: address))
        _ = try await stage.retrieve()
        #expect(stage.targets.count == 2)
        stage.client.replace(try Stage.settings(at: address) { $0.addressGuard = POSHAddressGuard() })
        #expect(try await stage.retrieve().outcome.hasPrefix("refused: documents may not come from there"))
        #expect(stage.targets.count == 3)
    }

    @Test func `PO-22: what is under way when the rules change begins anew`() async throws {
        let stage = try Stage { _ in
            var reply = Stage.document()
            reply.delay = .seconds(30)
            return reply
        }
        async let keys = stage.retrieve()
        for _ in 0..<4000 where stage.targets.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!stage.targets.isEmpty)
        stage.server.follow { _ in Stage.document(seed: "B") }
        let address = stage.server.address
        stage.client.replace(try Stage.settings(at: address) { $0.addressGuard = POSHAddressGuard() })
        #expect(try await keys.outcome == "material")
        #expect(stage.targets == [Stage.path, Stage.path])
        // What was given up is no retrieval that failed.
        #expect(stage.reports.map(\.hasFailed) == [false])
    }

    @Test func `PO-22: so many may wait on a loop, and one more is told so at once`() async throws {
        let stage = try Stage { _ in
            var reply = Stage.document()
            reply.delay = .seconds(30)
            return reply
        }
        stage.crowd(with: ForwardingKeysSource.mostWaiting)
        #expect(try await stage.retrieve().outcome == "unanswered: too many wait for POSH documents already")
        stage.client.shutDown()
        #expect(stage.targets.count <= 1)
    }

    @Test func `who waits when it is shut down is told that there is nothing`() async throws {
        let stage = try Stage { _ in
            var reply = Stage.document()
            reply.delay = .seconds(30)
            return reply
        }
        async let keys = stage.retrieve()
        for _ in 0..<4000 where stage.targets.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!stage.targets.isEmpty)
        stage.client.shutDown()
        #expect(try await keys.outcome == "unanswered: POSH documents are not retrieved any more")
        #expect(try await stage.retrieve().outcome == "unanswered: POSH documents are not retrieved any more")
    }
}
