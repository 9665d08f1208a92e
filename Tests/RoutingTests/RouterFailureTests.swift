import DomainAssociation
import Routing
import Testing
import XMPPModel

@Suite("Failures and bounces of a router")
struct RouterFailureTests {
    private typealias Fixture = RouterFixture

    @Test(arguments: [
        (AttemptFailure.Kind.notFound, StanzaError.Condition.remoteServerNotFound, StanzaError.Kind.cancel),
        (.lookupFailed, .remoteServerNotFound, .wait),
        (.unreachable, .remoteServerTimeout, .wait),
        (.unauthenticated, .remoteServerTimeout, .cancel),
        (.forbidden, .notAllowed, .cancel),
        // DB-08, DB-07.
        (.pairRefused, .remoteServerTimeout, .wait),
        (.keyRefused, .internalServerError, .cancel),
        // PA-01.
        (.hadNoTurn, .resourceConstraint, .wait),
    ])
    func `RT-06: the failure of an attempt decides condition and type`(
        kind: AttemptFailure.Kind, condition: StanzaError.Condition, type: StanzaError.Kind
    ) {
        var fixture = Fixture()
        _ = fixture.submit((1...3).map { Fixture.message($0) })
        let actions = fixture.fail(kind, "192.0.2.1:5269: no <answer>")
        #expect(actions.handed.map(\.id) == ["1", "2", "3"])
        #expect(actions.handed.allSatisfy { $0.isError(condition, type) })
        let text = String(decoding: actions.handed.first?.bytes ?? [], as: UTF8.self)
        #expect(text.contains("192.0.2.1:5269: no &lt;answer&gt;"))
        #expect(actions.reports.count == 1)
        // The same reason at once while the wait lasts.
        let next = fixture.submit([Fixture.message(4)])
        #expect(next.handed.first?.isError(condition, type) == true && next.opened.isEmpty)
    }

    @Test(arguments: Stanza.Kind.allCases)
    func `RT-07: a bounce keeps kind and id, swaps the addresses and leaves out the payload`(kind: Stanza.Kind) {
        var fixture = Fixture()
        let stanza = Stanza(
            kind, from: "juliet@a.example/x", to: "romeo@b.example/<y>", id: "q'1", type: kind == .iq ? "set" : nil,
            content: Array("<secret xmlns='urn:x'/>".utf8))
        _ = fixture.submit([stanza])
        let bounce = fixture.fail(.unreachable).handed.first
        #expect(bounce?.kind == kind)
        #expect(bounce?.from == "romeo@b.example/<y>" && bounce?.to == "juliet@a.example/x")
        #expect(bounce?.id == "q'1" && bounce?.type == "error")
        let text = String(decoding: bounce?.bytes ?? [], as: UTF8.self)
        #expect(!text.contains("secret"))
    }

    @Test func `RT-08: errors and results are not answered`() {
        var fixture = Fixture()
        let silent = [
            Stanza(.message, from: "a.example", to: "b.example", type: "error"),
            Stanza(.presence, from: "a.example", to: "b.example", type: "error"),
            Stanza(.iq, from: "a.example", to: "b.example", id: "1", type: "result"),
            Stanza(.iq, from: "a.example", to: "b.example", id: "1", type: "error"),
        ]
        _ = fixture.submit(silent)
        let failed = fixture.fail(.notFound)
        #expect(failed.handed.isEmpty && failed.essential.isEmpty)
        #expect(failed.reports.count == 1)
        guard case .dropped(4, Fixture.remote, _)? = failed.reports.first else {
            Issue.record("the dropped stanzas were not reported")
            return
        }
        let local = silent.map { Stanza($0.kind, from: "b.example", to: "a.example", id: $0.id, type: $0.type) }
        #expect(fixture.handle(.undeliverable(local, StanzaError(.serviceUnavailable, .cancel))).essential == [])
    }

    @Test func `RT-10: what a backend cannot take goes back to where its sender is`() {
        var fixture = Fixture()
        let error = StanzaError(.serviceUnavailable, .cancel, "not connected")
        let remote = [Fixture.message(1, to: "a.example", from: "b.example")]
        let more = [Fixture.message(3, to: "a.example", from: "c.example")]
        let local = [Fixture.message(2, to: "a.example", from: "chat.a.example")]
        let actions = fixture.handle(.undeliverable(remote + local + remote + more, error)).essential
        #expect(actions.count == 3)
        guard case .submit(let returned, let domain)? = actions.first else {
            Issue.record("nothing was submitted for the remote sender")
            return
        }
        #expect(domain == Fixture.juliet)
        #expect(returned.map(\.to) == ["juliet@b.example", "juliet@b.example"])
        #expect(returned.allSatisfy { $0.isError(.serviceUnavailable, .cancel) })
        #expect(actions.handed.map(\.to) == ["juliet@chat.a.example"])
        // Never a stream from here: the remote domain may belong to another router.
        #expect(actions.opened.isEmpty)
    }

    @Test func `RT-13: the eleventh of ten comes back at once, the ten when they are too old`() {
        var fixture = Fixture(limits: RoutingLimits(queuedStanzasPerDomain: 10))
        let first = fixture.submit((1...11).map { Fixture.message($0) })
        #expect(first.handed.map(\.id) == ["11"])
        #expect(first.handed.first?.isError(.resourceConstraint, .wait) == true)
        #expect(first.wakes.min() == fixture.now + 60)
        fixture.now += 119
        #expect(fixture.handle(.timePassed).handed.isEmpty)
        fixture.now += 1
        let expired = fixture.handle(.timePassed)
        #expect(expired.handed.map(\.id) == (1...10).map { String($0) })
        #expect(expired.handed.allSatisfy { $0.isError(.remoteServerTimeout, .wait) })
        #expect(fixture.router.snapshot(at: fixture.now).queuedStanzas == 0)
        #expect(fixture.submit([Fixture.message(12)]).handed.isEmpty)
    }

    @Test func `RT-13: octets are bounded for each domain and for all`() {
        let size = Fixture.message(1).byteCount
        var fixture = Fixture(
            limits: RoutingLimits(
                queuedStanzasPerDomain: 0, queuedBytesPerDomain: size * 2, queuedBytes: size * 3))
        let first = fixture.submit([Fixture.message(1), Fixture.message(3), Fixture.message(5)])
        #expect(first.handed.map(\.id) == ["5"])
        let second = fixture.submit([Fixture.message(1, to: "c.example"), Fixture.message(3, to: "c.example")])
        #expect(second.handed.map(\.id) == ["3"])
        #expect(second.handed.first?.isError(.resourceConstraint, .wait) == true)
        #expect(fixture.router.snapshot(at: 0).queuedBytes == size * 3)
        // The pairs of one remote domain share its bound.
        let third = fixture.submit([Fixture.message(7, from: "chat.a.example")], from: Fixture.second)
        #expect(third.handed.count == 1 && third.opened.isEmpty)
    }

    @Test func `RT-13: what a held stream leaves waiting is bounded in the same way`() {
        var fixture = Fixture(limits: RoutingLimits(queuedStanzasPerDomain: 2))
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.handle(.congested(StreamID(1)))
        #expect(fixture.submit((1...3).map { Fixture.message($0) }).handed.map(\.id) == ["3"])
        fixture.now += 121
        #expect(fixture.handle(.timePassed).handed.map(\.id) == ["1", "2"])
    }

    @Test(arguments: [(0.0, 0.8), (0.5, 1.0), (0.999, 1.2)])
    func `XS-26: waits after failures follow the setting and vary by a fifth`(chance: Double, factor: Double) {
        var fixture = Fixture(
            timeouts: RoutingTimeouts(delivery: 120, retryAfterFailure: [5, 15, 60]), chance: chance)
        for wait in [5.0, 15, 60, 60, 60] {
            #expect(fixture.submit([Fixture.message(1)]).opened == [Fixture.pair])
            _ = fixture.fail(.unreachable)
            let retryAfter = fixture.router.snapshot(at: fixture.now).remotes.first?.retryAfter ?? 0
            #expect(abs(retryAfter - wait * factor) < 0.1)
            fixture.now += retryAfter - 0.01
            #expect(fixture.submit([Fixture.message(2)]).handed.count == 1)
            fixture.now += 0.02
        }
    }

    @Test func `XS-26: a success, or the peer's own connection, ends the wait`() {
        var fixture = Fixture()
        let stanza = [Fixture.message(1)]
        _ = fixture.submit(stanza)
        _ = fixture.fail(.unreachable)
        #expect(fixture.handle(.peerConnected(Fixture.remote)) == [])
        #expect(fixture.submit(stanza).opened == [Fixture.pair])
        _ = fixture.fail(.unauthenticated)
        _ = fixture.handle(.peerConnected(Fixture.remote))
        #expect(fixture.submit(stanza).opened == [Fixture.pair])
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.handle(.ended(StreamID(1)))
        #expect(fixture.submit(stanza).opened == [Fixture.pair])
        #expect(fixture.router.snapshot(at: fixture.now).remotes.first?.failures == 0)
    }

    @Test func `XS-26: waits are kept for each remote domain, and a failed proof for its pair`() {
        var fixture = Fixture()
        let second = [Fixture.message(2, from: "chat.a.example")]
        _ = fixture.submit([Fixture.message(1)])
        _ = fixture.fail(.unauthenticated)
        #expect(fixture.submit([Fixture.message(3, to: "c.example")]).opened.count == 1)
        #expect(fixture.submit(second, from: Fixture.second).opened.count == 1)
        let pair = DomainPair(sender: Fixture.second, target: Fixture.remote)
        #expect(fixture.handle(.attemptFailed(pair, AttemptFailure(.unreachable, "down"))).handed.count == 1)
        #expect(fixture.submit([Fixture.message(4)]).handed.count == 1)
        fixture.now += 5
        #expect(fixture.submit([Fixture.message(4)]).opened == [Fixture.pair])
    }

    @Test func `XS-26: a failure beside a stream that carries the pair has no effect`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.handle(.congested(StreamID(1)))
        _ = fixture.submit([Fixture.message(1)])
        #expect(fixture.fail(.notFound) == [])
        #expect(fixture.handle(.drained(StreamID(1))).sent.count == 1)
    }
}
