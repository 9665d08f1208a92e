import DomainAssociation
import Routing
import Testing
import XMPPModel

/// Random histories against a naive account of each stanza: it is sent once, handed back once, or waits, and for each
/// pair in order.
@Suite("Random histories of a router")
struct RouterModelTests {
    private typealias Fixture = RouterFixture

    /// What is known of every stanza that was submitted, by its number.
    private struct Account {
        enum Fate { case waiting, sent, returned }
        var fates: [Fate] = []
        var pairs: [DomainPair] = []
        var lastSent: [DomainPair: Int] = [:]
        /// Errors, of which it is only told how many had no way on.
        var dropped = 0
        var settled = 0
        var waiting: Int { fates.count - settled - dropped }
    }

    /// Streams as the switchboard would know them, and what it was asked for.
    private struct World {
        var seeking: Set<DomainPair> = []
        var opening: Set<DomainPair> = []
        var streams: [StreamID: [DomainPair]] = [:]
        var congested: Set<StreamID> = []
        var nextStream: UInt64 = 1
        var wake = Double.infinity
    }

    @Test(arguments: 1...8)
    func `RT-04: every stanza is sent once, returned once or waits, in order for its pair`(seed: Int) {
        let chance = RandomSource(seed: UInt64(seed))
        let locals = [Fixture.juliet, Fixture.second]
        let remotes = (0..<7).map { Fixture.domain("r\($0).example") } + [Fixture.second]
        var fixture = Fixture(
            limits: RoutingLimits(queuedStanzasPerDomain: 40, queuedBytesPerDomain: 4000, queuedBytes: 12_000),
            timeouts: RoutingTimeouts(delivery: 20, retryAfterFailure: [1, 3]), blocked: [remotes[6]],
            chance: 0.25)
        fixture.isAnsweredLater = true
        var account = Account()
        var world = World()
        for _ in 0..<1000 {
            fixture.now += chance.next() * 0.4
            let actions = step(&fixture, &account, &world, chance, locals: locals, remotes: remotes)
            apply(actions, to: &account, &world)
            if fixture.now >= world.wake {
                world.wake = .infinity
                apply(fixture.handle(.timePassed), to: &account, &world)
            }
            #expect(fixture.router.snapshot(at: fixture.now).queuedStanzas == account.waiting)
            guard account.waiting == fixture.router.snapshot(at: fixture.now).queuedStanzas else { return }
        }
        // Nothing waits longer than it may, even if nothing ever happens again.
        fixture.now += 21
        apply(fixture.handle(.timePassed), to: &account, &world)
        #expect(account.waiting == 0)
        #expect(account.fates.contains { $0 == .sent } && account.fates.contains { $0 == .returned })
        #expect(fixture.router.snapshot(at: fixture.now).queuedBytes == 0)
    }

    private func step(
        _ fixture: inout RouterFixture, _ account: inout Account, _ world: inout World, _ chance: RandomSource,
        locals: [DomainName], remotes: [DomainName]
    ) -> [RoutingAction] {
        func any<Element>(_ elements: [Element]) -> Element? {
            elements.isEmpty ? nil : elements[chance.next(below: elements.count)]
        }
        let streams = world.streams.keys.sorted()
        switch chance.next(below: 18) {
        case 0...4:
            let local = locals[chance.next(below: 2)]
            let spread = 1 + chance.next(below: remotes.count)
            let stanzas = (0...chance.next(below: 20)).map { _ in
                let remote = remotes[chance.next(below: spread)]
                let number = account.fates.count
                account.fates.append(.waiting)
                account.pairs.append(DomainPair(sender: local, target: remote))
                return Fixture.message(
                    number, to: remote.description, from: local.description,
                    type: chance.next(below: 10) > 0 ? "chat" : "error")
            }
            return fixture.submit(stanzas, from: local)
        case 5...6:
            guard let pair = any(world.opening.sorted { $0.description < $1.description }) else { return [] }
            world.opening.remove(pair)
            let joined = chance.next(below: 3) == 0 ? any(streams) : nil
            let stream = joined ?? StreamID(world.nextStream)
            world.nextStream += 1
            world.streams[stream, default: []].append(pair)
            return fixture.establish(pair.sender, pair.target, stream.number)
        case 7...11:
            guard let pair = any(world.seeking.sorted { $0.description < $1.description }) else { return [] }
            world.seeking.remove(pair)
            guard chance.next(below: 4) == 0, let stream = any(streams) else { return fixture.handle(.noWayBack(pair)) }
            world.streams[stream, default: []].append(pair)
            return fixture.establish(pair.sender, pair.target, stream.number)
        case 12:
            guard let pair = any(world.opening.sorted { $0.description < $1.description }) else { return [] }
            world.opening.remove(pair)
            let kinds: [AttemptFailure.Kind] = [.notFound, .unreachable, .unauthenticated]
            return fixture.handle(.attemptFailed(pair, AttemptFailure(kinds[chance.next(below: 3)], "failed")))
        case 13:
            guard let stream = any(streams) else { return [] }
            world.streams[stream] = nil
            world.congested.remove(stream)
            return fixture.handle(.ended(stream))
        case 14:
            guard let stream = any(streams) else { return [] }
            world.congested.insert(stream)
            return fixture.handle(.congested(stream))
        case 15:
            guard let stream = any(world.congested.sorted()) else { return [] }
            world.congested.remove(stream)
            return fixture.handle(.drained(stream))
        case 16:
            guard let stream = any(streams), let pair = any(world.streams[stream] ?? []) else { return [] }
            world.streams[stream]?.removeAll { $0 == pair }
            return fixture.handle(.withdrawn(pair, on: stream))
        default: return fixture.handle(.peerConnected(remotes[chance.next(below: 6)]))
        }
    }

    private func apply(_ actions: [RoutingAction], to account: inout Account, _ world: inout World) {
        for action in actions {
            switch action {
            case .send(let stanzas, let stream):
                #expect(!world.congested.contains(stream))
                for stanza in stanzas { settle(stanza, as: .sent, over: world.streams[stream], &account) }
            case .hand(let stanzas, let domain):
                for stanza in stanzas {
                    #expect(stanza.isTo(domain))
                    settle(stanza, as: stanza.isOriginal ? .sent : .returned, over: nil, &account)
                }
            case .findWayBack(let pair): #expect(world.seeking.insert(pair).inserted)
            case .open(let pair): #expect(world.opening.insert(pair).inserted)
            case .submit: Issue.record("nothing was undeliverable")
            case .wake(let time): world.wake = min(world.wake, time)
            case .report(.dropped(let count, _, _)): account.dropped += count
            case .report(.bounced): break
            }
        }
    }

    private func settle(
        _ stanza: Stanza, as fate: Account.Fate, over pairs: [DomainPair]?, _ account: inout Account
    ) {
        guard let number = stanza.id.flatMap(Int.init), account.fates.indices.contains(number) else {
            Issue.record("a stanza that nobody submitted: \(stanza)")
            return
        }
        #expect(account.fates[number] == .waiting)
        account.fates[number] = fate
        account.settled += 1
        let pair = account.pairs[number]
        guard fate == .sent else { return }
        if let pairs { #expect(pairs.contains(pair)) }
        #expect(account.lastSent[pair] ?? -1 < number)
        account.lastSent[pair] = number
    }
}

extension Stanza {
    /// Whether it still has the body that it was submitted with; a bounce has none.
    fileprivate var isOriginal: Bool { String(decoding: bytes, as: UTF8.self).contains("<body>") }
}
