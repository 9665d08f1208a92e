import DomainAssociation
import Routing
import Testing
import XMPPModel

@Suite("Streams of a router")
struct RouterStreamTests {
    private typealias Fixture = RouterFixture

    @Test func `RT-04: a thousand stanzas keep their order over set-up, congestion and a second stream`() {
        var fixture = Fixture()
        let stanzas = (0..<1000).map { Fixture.message($0) }
        var sent: [Stanza] = []
        func submit(_ range: Range<Int>) { sent += fixture.submit(Array(stanzas[range])).sent }
        submit(0..<300)
        sent += fixture.establish(Fixture.juliet, Fixture.remote, 1).sent
        submit(300..<400)
        sent += fixture.handle(.congested(StreamID(1))).sent
        submit(400..<600)
        // A second stream must not let later stanzas overtake those that wait for the first.
        sent += fixture.establish(Fixture.juliet, Fixture.remote, 2).sent
        submit(600..<700)
        #expect(sent.count == 400)
        let drained = fixture.handle(.drained(StreamID(1)))
        #expect(drained == [.send(Array(stanzas[400..<700]), on: StreamID(1))])
        sent += drained.sent
        submit(700..<800)
        sent += fixture.handle(.ended(StreamID(1))).sent
        let last = fixture.submit(Array(stanzas[800..<1000]))
        #expect(last == [.send(Array(stanzas[800..<1000]), on: StreamID(2))])
        #expect(sent + last.sent == stanzas)
    }

    @Test func `RT-04: the stream that stands by takes over what waits`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 2)
        _ = fixture.handle(.congested(StreamID(1)))
        _ = fixture.handle(.congested(StreamID(2)))
        let stanzas = [Fixture.message(1)]
        #expect(fixture.submit(stanzas).essential == [])
        #expect(fixture.handle(.ended(StreamID(1))).essential == [])
        #expect(fixture.handle(.drained(StreamID(2))).essential == [.send(stanzas, on: StreamID(2))])
    }

    @Test func `RT-04: one held stream holds every pair on it and no other`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.establish(Fixture.juliet, Fixture.other, 1)
        _ = fixture.establish(Fixture.second, Fixture.remote, 2)
        _ = fixture.handle(.congested(StreamID(1)))
        let held = [Fixture.message(1), Fixture.message(2, to: "c.example")]
        #expect(fixture.submit(held).essential == [])
        let free = [Fixture.message(3, from: "chat.a.example")]
        #expect(fixture.submit(free, from: Fixture.second) == [.send(free, on: StreamID(2))])
        #expect(Set(fixture.handle(.drained(StreamID(1))).sent) == Set(held))
        #expect(fixture.handle(.drained(StreamID(1))) == [])
    }

    @Test func `XS-26: a stream that ended is asked for again at once where stanzas wait`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.handle(.congested(StreamID(1)))
        let waiting = [Fixture.message(1)]
        _ = fixture.submit(waiting)
        #expect(fixture.handle(.ended(StreamID(1))).opened == [Fixture.pair])
        #expect(fixture.establish(Fixture.juliet, Fixture.remote, 2).sent == waiting)
        // Without anything that waits the next stanza asks.
        #expect(fixture.handle(.ended(StreamID(2))).essential == [])
        #expect(fixture.submit(waiting).opened == [Fixture.pair])
    }

    @Test func `PA-05: a pair that leaves its stream goes elsewhere, and those that stay do not notice`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.establish(Fixture.second, Fixture.remote, 1)
        _ = fixture.handle(.congested(StreamID(1)))
        let waiting = [Fixture.message(1)]
        _ = fixture.submit(waiting)
        #expect(fixture.handle(.withdrawn(Fixture.pair, on: StreamID(1))).opened == [Fixture.pair])
        #expect(fixture.handle(.withdrawn(Fixture.pair, on: StreamID(1))) == [])
        #expect(fixture.establish(Fixture.juliet, Fixture.remote, 2).sent == waiting)
        let other = [Fixture.message(2, from: "chat.a.example")]
        #expect(fixture.submit(other, from: Fixture.second).sent == [])
        #expect(fixture.handle(.drained(StreamID(1))).essential == [.send(other, on: StreamID(1))])
        // A stream that stands by takes over, and the end of the one that was left changes nothing.
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 3)
        _ = fixture.handle(.withdrawn(Fixture.pair, on: StreamID(2)))
        #expect(fixture.submit(waiting).essential == [.send(waiting, on: StreamID(3))])
        #expect(fixture.handle(.ended(StreamID(2))).essential == [])
        #expect(fixture.submit(waiting).essential == [.send(waiting, on: StreamID(3))])
    }

    @Test func `RT-04: unsent stanzas go to the front and over the next stream`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        _ = fixture.establish(Fixture.juliet, Fixture.other, 1)
        let stanzas = (0..<6).map { Fixture.message($0, to: $0 < 4 ? "b.example" : "c.example") }
        _ = fixture.submit(stanzas)
        let later = [Fixture.message(6)]
        #expect(fixture.handle(.unsent(Array(stanzas[1...]), on: StreamID(1))).essential == [])
        #expect(fixture.submit(later).essential == [])
        #expect(Set(fixture.handle(.ended(StreamID(1))).opened.map(\.target)) == [Fixture.remote, Fixture.other])
        #expect(
            fixture.establish(Fixture.juliet, Fixture.remote, 2).sent == Array(stanzas[1..<4]) + later)
        #expect(fixture.establish(Fixture.juliet, Fixture.other, 3).sent == Array(stanzas[4...]))
    }

    @Test func `RT-13: a stanza that every stream leaves behind is returned in the end`() {
        var fixture = Fixture()
        let stanza = [Fixture.message(1)]
        _ = fixture.submit(stanza)
        var returned: [Stanza] = []
        var rounds: UInt64 = 0
        while returned.isEmpty, rounds < 100 {
            rounds += 1
            _ = fixture.establish(Fixture.juliet, Fixture.remote, rounds)
            _ = fixture.handle(.unsent(stanza, on: StreamID(rounds)))
            _ = fixture.handle(.ended(StreamID(rounds)))
            fixture.now += 5
            returned = fixture.handle(.timePassed).handed
        }
        #expect(returned.first?.isError(.remoteServerTimeout, .wait) == true)
        #expect(rounds < 30)
    }

    @Test func `RT-13: unsent stanzas after the end of their stream are not lost`() {
        var fixture = Fixture()
        let stanza = [Fixture.message(1)]
        #expect(fixture.handle(.unsent(stanza, on: StreamID(1))).opened == [Fixture.pair])
        _ = fixture.handle(.draining)
        #expect(fixture.handle(.unsent(stanza, on: StreamID(1))).handed.count == 1)
    }

    @Test func `RT-10: unsent stanzas for a domain that is hosted by now are handed inside`() {
        var fixture = Fixture(blocked: [Fixture.other])
        let stanzas = [Fixture.message(1, to: "chat.a.example"), Fixture.message(2, to: "c.example")]
        let actions = fixture.handle(.unsent(stanzas, on: StreamID(1)))
        #expect(actions.contains(.hand([stanzas[0]], to: Fixture.second)) && actions.opened.isEmpty)
        #expect(actions.handed.contains { $0.isError(.notAllowed, .cancel) })
    }

    @Test func `XS-26: sixty streams lost at once come back spread out`() {
        let chances = RandomSource(seed: 7)
        var fixture = Fixture()
        fixture.router = Router(
            hostedDomains: HostedDomains([Fixture.juliet: "component"]), random: { chances.next() })
        fixture.now = 0
        let remotes = (0..<60).map { Fixture.domain("r\($0).example") }
        for (number, remote) in remotes.enumerated() {
            _ = fixture.establish(Fixture.juliet, remote, UInt64(number))
        }
        fixture.now = 100
        _ = fixture.handle(.timePassed)
        for number in remotes.indices { _ = fixture.handle(.ended(StreamID(UInt64(number)))) }
        let stanzas = remotes.enumerated().map { Fixture.message($0.offset, to: $0.element.description) }
        fixture.now = 101
        var wakes = fixture.submit(stanzas)
        #expect(wakes.opened.isEmpty)
        // A domain that lost nothing is not held back.
        #expect(fixture.submit([Fixture.message(1)]).opened.count == 1)
        var times: [Double] = []
        while let wake = wakes.wakes.min(), times.count < 60, wake < 400 {
            fixture.now = wake
            wakes = fixture.handle(.timePassed)
            times += wakes.opened.map { _ in wake }
            #expect(wakes.handed.isEmpty)
        }
        #expect(times.count == 60)
        #expect(times.allSatisfy { (101...161).contains($0) })
        #expect((times.max() ?? 0) - (times.min() ?? 0) > 40)
    }

    @Test func `XS-26: fifty streams lost at once are no mass loss, and neither are many over time`() {
        var fixture = Fixture()
        for number in 0..<200 {
            let remote = Fixture.domain("r\(number).example")
            _ = fixture.establish(Fixture.juliet, remote, UInt64(number))
            _ = fixture.handle(.ended(StreamID(UInt64(number))))
            if number % 50 == 49 { fixture.now += 1.5 }
            #expect(fixture.submit([Fixture.message(1, to: remote.description)]).opened.count == 1)
        }
    }

    @Test func `Draining: what waits for a stream is returned and none is asked for`() {
        var fixture = Fixture()
        _ = fixture.establish(Fixture.juliet, Fixture.other, 1)
        _ = fixture.handle(.congested(StreamID(1)))
        _ = fixture.submit([Fixture.message(1), Fixture.message(2, to: "c.example")])
        let drained = fixture.handle(.draining)
        #expect(drained.handed.map(\.id) == ["1"])
        #expect(drained.handed.first?.isError(.remoteServerTimeout, .wait) == true)
        #expect(fixture.submit([Fixture.message(3)]).handed.map(\.id) == ["3"])
        // A stream that is there is still used, and what it leaves behind is returned.
        #expect(fixture.handle(.drained(StreamID(1))).sent.map(\.id) == ["2"])
        _ = fixture.handle(.congested(StreamID(1)))
        _ = fixture.submit([Fixture.message(4, to: "c.example")])
        let ended = fixture.handle(.ended(StreamID(1)))
        #expect(ended.handed.map(\.id) == ["4"] && ended.opened.isEmpty)
    }

    @Test func `Idle pairs and old failures are forgotten`() {
        var fixture = Fixture()
        for number in 0..<100 {
            let remote = Fixture.domain("r\(number).example")
            _ = fixture.submit([Fixture.message(number, to: remote.description)])
            let pair = DomainPair(sender: Fixture.juliet, target: remote)
            _ = fixture.handle(.attemptFailed(pair, AttemptFailure(.unreachable, "gone")))
        }
        #expect(fixture.router.snapshot(at: fixture.now).remotes.count == 100)
        fixture.now += 5
        #expect(fixture.router.snapshot(at: fixture.now + 2).remotes.allSatisfy { $0.retryAfter == nil })
        fixture.now += 1000
        // When nothing is left to forget it asks for no further waking.
        _ = fixture.handle(.timePassed)
        #expect(fixture.router.snapshot(at: fixture.now).remotes.isEmpty)
        fixture.now += 100
        #expect(fixture.handle(.timePassed) == [])
    }
}
