import DomainAssociation
import Routing
import Testing
import XMPPModel

@Suite("Routing of batches")
struct RouterTests {
    private typealias Fixture = RouterFixture

    @Test func `RT-03: what comes in goes to the hosted domain of its association and nowhere else`() {
        var fixture = Fixture()
        let stanzas = (0..<3).map { Fixture.message($0, to: "third.example", from: "b.example") }
        let inbound = Fixture.association(Fixture.remote, Fixture.juliet, side: .sender)
        #expect(fixture.handle(.received(stanzas, over: inbound)) == [.hand(stanzas, to: Fixture.juliet)])
        // On a stream of ours that carries both directions the hosted domain is the sender of the pair.
        let outbound = Fixture.association(Fixture.juliet, Fixture.remote)
        #expect(fixture.handle(.received(stanzas, over: outbound)) == [.hand(stanzas, to: Fixture.juliet)])
        #expect(fixture.handle(.received([], over: inbound)) == [])
    }

    @Test func `RT-05: a burst asks for one stream, waits, and leaves over it`() {
        var fixture = Fixture()
        let first = (0..<5).map { Fixture.message($0) }
        let second = (5..<9).map { Fixture.message($0) }
        #expect(fixture.submit(first).essential == [.open(Fixture.pair)])
        #expect(fixture.submit(second).essential == [])
        #expect(
            fixture.establish(Fixture.juliet, Fixture.remote, 1).essential == [.send(first + second, on: StreamID(1))])
        #expect(fixture.submit(first) == [.send(first, on: StreamID(1))])
        #expect(fixture.router.snapshot(at: 0).queuedStanzas == 0)
    }

    @Test func `RT-05: an interleaved batch leaves in one action for each stream`() {
        var fixture = Fixture()
        let remotes = (0..<16).map { Fixture.domain("r\($0).example") }
        for (number, remote) in remotes.enumerated() {
            // Streams 0 to 7: two remote domains share each of them.
            _ = fixture.establish(Fixture.juliet, remote, UInt64(number / 2))
        }
        let stanzas = (0..<300).map { Fixture.message($0, to: remotes[$0 % 16].description) }
        let actions = fixture.submit(stanzas)
        #expect(actions.count == 8)
        for remote in remotes {
            #expect(actions.sent.filter { $0.isTo(remote) } == stanzas.filter { $0.isTo(remote) })
        }
    }

    @Test func `RT-05: each local domain has its own pair with a remote domain`() {
        var fixture = Fixture()
        let second = DomainPair(sender: Fixture.second, target: Fixture.remote)
        #expect(fixture.submit([Fixture.message(1)]).opened == [Fixture.pair])
        let stanza = Fixture.message(2, from: "chat.a.example")
        #expect(fixture.submit([stanza], from: Fixture.second).opened == [second])
        #expect(
            fixture.establish(Fixture.second, Fixture.remote, 2).essential == [.send([stanza], on: StreamID(2))])
    }

    @Test func `RT-10: a hosted recipient is reached inside, whatever streams there are`() {
        var fixture = Fixture()
        #expect(fixture.establish(Fixture.juliet, Fixture.second, 1) == [])
        let inside = Fixture.message(1, to: "Chat.A.example")
        let outside = Fixture.message(2)
        let actions = fixture.submit([inside, outside, inside]).essential
        #expect(actions == [.hand([inside, inside], to: Fixture.second), .open(Fixture.pair)])
    }

    @Test func `RT-14: a blocked domain is refused without an attempt`() {
        var fixture = Fixture(blocked: [Fixture.remote])
        let actions = fixture.submit([Fixture.message(1), Fixture.message(2), Fixture.message(3, to: "c.example")])
        #expect(actions.handed.count == 2)
        #expect(actions.handed.allSatisfy { $0.isError(.notAllowed, .cancel) })
        #expect(actions.opened.map(\.target) == [Fixture.other])
    }

    @Test func `RT-14: a domain of the past is answered as gone`() {
        var fixture = Fixture(former: [Fixture.remote])
        let actions = fixture.submit([Fixture.message(1)])
        #expect(actions.handed.first?.isError(.gone, .cancel) == true)
        #expect(actions.opened.isEmpty)
    }

    @Test(arguments: [nil, "", "@b.example", "b_b.example", "a@b@c", String(repeating: "x", count: 1100)])
    func `RT-01: a stanza of ours without a valid recipient comes back`(recipient: String?) {
        var fixture = Fixture()
        let stanza = Stanza(.message, from: "juliet@a.example", to: recipient, id: "1")
        let actions = fixture.submit([stanza, Fixture.message(2)])
        #expect(actions.handed.first?.isError(.jidMalformed, .modify) == true)
        #expect(actions.handed.first?.to == "juliet@a.example")
        #expect(actions.opened == [Fixture.pair])
    }

    @Test func `RT-04: another spelling of a domain is the same pair`() {
        var fixture = Fixture()
        let stanzas = ["b.example", "B.example", "b.example.", "B.EXAMPLE", "b.example"].enumerated()
            .map { Fixture.message($0.offset, to: $0.element) }
        #expect(fixture.submit(stanzas).essential == [.open(Fixture.pair)])
        #expect(fixture.establish(Fixture.juliet, Fixture.remote, 1).sent == stanzas)
        #expect(fixture.submit(stanzas) == [.send(stanzas, on: StreamID(1))])
    }

    @Test func `RT-13: more remote domains than are remembered are refused`() {
        var fixture = Fixture(limits: RoutingLimits(remoteDomains: 100))
        let stanzas = (0..<200).map { Fixture.message($0, to: "r\($0).example") }
        let actions = fixture.submit(stanzas)
        // Hosted domains have their place besides.
        #expect(actions.handed.count == 98 && actions.opened.count == 102)
        #expect(actions.handed.allSatisfy { $0.isError(.resourceConstraint, .wait) })
    }

    @Test func `Settings change: what waits follows them`() {
        var fixture = Fixture()
        let waiting = [Fixture.message(1)]
        let blocked = [Fixture.message(2, to: "c.example")]
        _ = fixture.submit(waiting + blocked)
        let hosted = HostedDomains([Fixture.juliet: "component", Fixture.remote: "builtin"])
        let actions = fixture.router.reconfigure(
            limits: RoutingLimits(), timeouts: RoutingTimeouts(), hostedDomains: hosted,
            isAllowed: { $0 != RouterFixture.other }, at: fixture.now)
        #expect(actions.contains(.hand(waiting, to: Fixture.remote)))
        #expect(actions.handed.contains { $0.isError(.notAllowed, .cancel) })
        #expect(fixture.submit(waiting) == [.hand(waiting, to: Fixture.remote)])
        #expect(fixture.submit(blocked).handed.first?.isError(.notAllowed, .cancel) == true)
        #expect(fixture.router.snapshot(at: fixture.now).queuedBytes == 0)
    }

    @Test func `Hosted domains know their backends and their past`() {
        var domains = HostedDomains([Fixture.juliet: "component"], former: [Fixture.remote, Fixture.juliet])
        #expect(domains.backend(of: Fixture.juliet) == "component")
        #expect(domains.isFormer(Fixture.remote) && !domains.isFormer(Fixture.juliet))
        domains.add(Fixture.remote, backend: "builtin")
        #expect(domains.contains(Fixture.remote) && !domains.isFormer(Fixture.remote) && domains.count == 2)
        domains.remove(Fixture.juliet)
        #expect(!domains.contains(Fixture.juliet) && domains.names == [Fixture.remote])
    }
}
