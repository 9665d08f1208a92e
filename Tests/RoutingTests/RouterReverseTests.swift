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

    @Test(arguments: [false, true], [false, true])
    func `BI-08, XS-26: while a domain has to wait, what came before the failure is found, and nothing is dialled`(
        isFound: Bool, isKnown: Bool
    ) {
        var fixture = Fixture()
        let second = DomainPair(sender: Fixture.second, target: Fixture.remote)
        _ = fixture.offer(Fixture.remote, from: Fixture.second, on: 2)
        if isKnown {
            _ = fixture.establish(Fixture.second, Fixture.remote, 1)
            _ = fixture.handle(.ended(StreamID(1)))
        }
        if isFound { fixture.waysBack[second] = 2 }
        #expect(fixture.submit([Fixture.message(1)]).opened == [Fixture.pair])
        #expect(fixture.fail(.unreachable).handed.count == 1)
        fixture.isAnsweredLater = true
        let stanzas = (2...3).map { Fixture.message($0, from: "chat.a.example") }
        #expect(fixture.submit([stanzas[0]], from: Fixture.second).essential == [.findWayBack(second)])
        #expect(fixture.submit([stanzas[1]], from: Fixture.second).essential == [])
        let answer = fixture.answer(second)
        #expect(answer.sent == (isFound ? stanzas : []) && answer.opened.isEmpty)
        #expect(answer.handed.map(\.id) == (isFound ? [] : ["2", "3"]))
        #expect(answer.handed.allSatisfy { $0.isError(.remoteServerTimeout, .wait) })
        // Who has failed has no way back, and is told again.
        fixture.isAnsweredLater = false
        #expect(fixture.submit([Fixture.message(4)]).handed.count == (isFound ? 0 : 1))
        fixture.now += 300
        #expect(fixture.handle(.noWayBack(second)) == [])
        #expect(fixture.router.snapshot(at: fixture.now).queuedStanzas == (isFound ? 1 : 0))
    }

    @Test func `RT-04, XS-26: a stream that nobody has used takes over after a mass loss before a redial is put off`() {
        var fixture = Fixture()
        let remotes = (0..<60).map { Fixture.domain("r\($0).example") }
        for (number, remote) in remotes.enumerated() {
            _ = fixture.establish(Fixture.juliet, remote, UInt64(number))
        }
        // The even ones have another stream, which came before the router knew the pair.
        for number in stride(from: 0, to: remotes.count, by: 2) {
            fixture.waysBack[DomainPair(sender: Fixture.juliet, target: remotes[number])] = UInt64(100 + number)
        }
        for number in remotes.indices { _ = fixture.handle(.ended(StreamID(UInt64(number)))) }
        let stanzas = remotes.enumerated().map { Fixture.message($0.offset, to: $0.element.description) }
        let submitted = fixture.submit(stanzas)
        #expect(submitted.sent.compactMap { $0.id.flatMap(Int.init) } == Array(stride(from: 0, to: 60, by: 2)))
        #expect(submitted.opened.isEmpty && submitted.handed.isEmpty)
        // What has come while a redial was put off is found as well.
        fixture.waysBack[DomainPair(sender: Fixture.juliet, target: remotes[1])] = 101
        fixture.now += 61
        let later = fixture.handle(.timePassed)
        #expect(later.sent == [stanzas[1]] && later.opened.count == 29)
    }

    /// What may happen while a stream on another loop is asked whether it carries the pair.
    enum Meanwhile: CaseIterable {
        case nothing, otherStream, expired, drained, hosted, blocked, lifted
    }

    @Test(arguments: Meanwhile.allCases, [false, true])
    func `RT-05, RT-04: a stream is asked for only where one is still needed, and nothing is lost or doubled`(
        meanwhile: Meanwhile, hasToWait: Bool
    ) {
        var fixture = Fixture()
        if hasToWait {
            _ = fixture.submit([Fixture.message(1, from: "chat.a.example")], from: Fixture.second)
            let second = DomainPair(sender: Fixture.second, target: Fixture.remote)
            _ = fixture.handle(.attemptFailed(second, AttemptFailure(.unreachable, "down")))
        }
        fixture.isAnsweredLater = true
        let stanzas = [Fixture.message(2)]
        var actions = fixture.submit(stanzas)
        #expect(actions.sought == [Fixture.pair])
        switch meanwhile {
        case .nothing: break
        case .otherStream: actions += fixture.establish(Fixture.juliet, Fixture.remote, 7)
        case .expired:
            fixture.now += 120
            actions += fixture.handle(.timePassed)
        case .drained: actions += fixture.handle(.draining)
        case .hosted, .blocked:
            let hosted = [Fixture.juliet: "component"]
            actions += fixture.router.reconfigure(
                limits: RoutingLimits(), timeouts: RoutingTimeouts(),
                hostedDomains: HostedDomains(
                    meanwhile == .hosted ? hosted.merging([Fixture.remote: "builtin"]) { $1 } : hosted),
                isAllowed: { _ in meanwhile != .blocked }, at: fixture.now)
        case .lifted: actions += fixture.handle(.peerConnected(Fixture.remote))
        }
        actions += fixture.answer(Fixture.pair)
        let isNeeded = meanwhile == .lifted || meanwhile == .nothing && !hasToWait
        #expect(actions.opened == (isNeeded ? [Fixture.pair] : []))
        #expect(actions.sent == (meanwhile == .otherStream ? stanzas : []))
        #expect(actions.handed.count == (isNeeded || meanwhile == .otherStream ? 0 : 1))
        #expect(fixture.router.snapshot(at: fixture.now).queuedStanzas == (isNeeded ? 1 : 0))
        // Nobody waits for ever behind a question that came to nothing.
        guard meanwhile == .expired else { return }
        #expect(fixture.submit(stanzas).sought == [Fixture.pair])
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
    /// A stream of the peer's could carry stanzas of a hosted domain.
    fileprivate mutating func offer(
        _ remote: DomainName = remote, from local: DomainName = juliet, on stream: UInt64
    ) -> [RoutingAction] {
        handle(.available(Self.association(local, remote), on: StreamID(stream)))
    }
}
