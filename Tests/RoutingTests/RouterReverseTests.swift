import DomainAssociation
import Routing
import Testing
import XMPPModel

/// Streams of the peer's that carry pairs of ours too, of which a router remembers nothing before somebody writes.
@Suite("Streams that the peer opened, in a router")
struct RouterReverseTests {
    private typealias Fixture = RouterFixture

    @Test(arguments: [false, true])
    func `BI-08: what nobody writes to is asked for with the first stanza, and the stream's state is known`(
        isCongested: Bool
    ) {
        var fixture = Fixture()
        #expect(fixture.offer(on: 1) == [])
        if isCongested { #expect(fixture.handle(.congested(StreamID(1))) == []) }
        let stanzas = [Fixture.message(1)]
        #expect(fixture.submit(stanzas).essential == [.open(Fixture.pair)])
        let established = fixture.establish(Fixture.juliet, Fixture.remote, 1)
        #expect(established.sent == (isCongested ? [] : stanzas))
        #expect(fixture.handle(.drained(StreamID(1))).sent == (isCongested ? stanzas : []))
        #expect(fixture.submit(stanzas).essential == [.send(stanzas, on: StreamID(1))])
        #expect(fixture.handle(.ended(StreamID(1))).essential == [])
        #expect(fixture.submit(stanzas).opened == [Fixture.pair])
    }

    @Test func `BI-08, RT-04: it serves at once what waits, and stands by where there is a stream`() {
        var fixture = Fixture()
        let stanzas = [Fixture.message(1)]
        #expect(fixture.submit(stanzas).opened == [Fixture.pair])
        #expect(fixture.offer(on: 1).sent == stanzas)
        #expect(fixture.offer(on: 2).essential == [])
        #expect(fixture.handle(.ended(StreamID(1))).essential == [])
        #expect(fixture.submit(stanzas).essential == [.send(stanzas, on: StreamID(2))])
    }

    @Test(arguments: [AttemptFailure.Kind.unreachable, .unauthenticated])
    func `XS-26, BI-08: a failure is forgotten`(kind: AttemptFailure.Kind) {
        var fixture = Fixture()
        #expect(fixture.submit([Fixture.message(1)]).opened == [Fixture.pair])
        #expect(fixture.fail(kind).handed.count == 1)
        _ = fixture.offer(on: 1)
        let stanzas = [Fixture.message(2)]
        #expect(fixture.submit(stanzas).essential == [.send(stanzas, on: StreamID(1))])
    }

    @Test func `RT-10: a domain of ours is not reached through the outside`() {
        var fixture = Fixture()
        #expect(fixture.offer(Fixture.second, on: 1) == [])
        let stanzas = [Fixture.message(1, to: "chat.a.example")]
        #expect(fixture.submit(stanzas) == [.hand(stanzas, to: Fixture.second)])
    }

    @Test func `BI-08: what is withdrawn unused leaves nothing behind`() {
        var fixture = Fixture()
        _ = fixture.offer(on: 1)
        #expect(fixture.handle(.withdrawn(Fixture.pair, on: StreamID(1))) == [])
        #expect(fixture.handle(.unsent([], on: StreamID(1))) == [])
        #expect(fixture.handle(.ended(StreamID(1))) == [])
        #expect(fixture.router.snapshot(at: fixture.now).remotes.isEmpty)
    }

    @Test func `RT-04: many local domains and many remote ones are told apart, whatever goes and comes back`() {
        var fixture = Fixture()
        for round in 0..<3 {
            for number in 0..<200 {
                let remote = Fixture.domain("r\(number).example")
                for local in [Fixture.juliet, Fixture.second] {
                    let stanzas = [
                        Fixture.message(number, to: remote.description, from: local.description)
                    ]
                    let pair = DomainPair(sender: local, target: remote)
                    #expect(fixture.submit(stanzas, from: local).opened == [pair])
                    let stream = UInt64(round * 1000 + number * 2 + (local == Fixture.juliet ? 0 : 1))
                    #expect(fixture.establish(local, remote, stream).sent == stanzas)
                }
            }
            for number in 0..<400 { _ = fixture.handle(.ended(StreamID(UInt64(round * 1000 + number)))) }
            // Long enough for all of them to be forgotten.
            for _ in 0..<4 {
                fixture.now += 100
                _ = fixture.handle(.timePassed)
            }
        }
    }
}

extension RouterFixture {
    /// A stream of the peer's could carry stanzas of the first hosted domain.
    fileprivate mutating func offer(_ remote: DomainName = remote, on stream: UInt64) -> [RoutingAction] {
        handle(.available(Self.association(Self.juliet, remote), on: StreamID(stream)))
    }
}
