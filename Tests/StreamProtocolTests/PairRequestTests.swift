import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@testable import StreamProtocol

/// Pairs of ours that a peer is asked for, and that come to nothing.
@Suite("requests of ours that are never answered")
struct PairRequestTests {
    private static let further = pair("c.example", "b.example")
    private static let rooms = pair("a.example", "rooms.b.example")

    @Test func `DB-08, PS-03: only over what the peer was asked for it can have closed`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.requestsAtOnce = 1
        for isAbandoned in [true, false] {
            var (stream, _) = Initiating.established.dialing(settings)
            // The first is asked for, the second is in line, the third waits for its proof.
            for wanted in [Self.further, pair("d.example", "b.example"), Self.rooms] {
                _ = stream.handle(.associate(wanted))
            }
            let actions = isAbandoned ? stream.abandon() : stream.handle(.closedByPeer)
            #expect(actions.contains(.pairFailed(Self.further, .streamEnded)))
            #expect(actions.contains(.pairFailed(pair("d.example", "b.example"), .overtaken)))
            #expect(actions.contains(.pairFailed(Self.rooms, .overtaken)))
        }
    }

    @Test(arguments: [1, 2, 500])
    func `DO-06: a line that never runs empty takes no more room however long the stream lives, and keeps its order`(
        behind: Int
    ) throws {
        var requests = PairRequests()
        let target = try DomainName("b.example")
        let wanted = try (0..<10_000).map { DomainPair(sender: try DomainName("s\($0).example"), target: target) }
        var asked: [DomainPair] = []
        for (number, next) in wanted.enumerated() {
            requests.line(up: next, at: 0)
            guard number >= behind else { continue }
            let turns = requests.takeTurns(limit: 1, at: 0)
            asked += turns
            for turn in turns { #expect(requests.take(answered: turn)?.pair == turn) }
            #expect(requests.placesInLine <= 2 * (behind + PairRequests.keptTurns + 1))
        }
        #expect(asked == Array(wanted.prefix(wanted.count - behind)))
        #expect(requests.takeTurns(limit: behind, at: 0) == Array(wanted.suffix(behind)))
        #expect(requests.placesInLine == 0)
    }

    private struct PairFailed: Equatable {
        let (pair, failure): (DomainPair, PairFailure)

        init(_ pair: DomainPair, _ failure: PairFailure) { (self.pair, self.failure) = (pair, failure) }
    }

    @Test func `DB-06, DO-06: a pair waits in line for a peer that is slow no longer than it is wanted`() {
        var settings = DialbackSettings.test(.encrypted)
        (settings.requestsAtOnce, settings.partsInLine) = (1, 6)
        var (stream, _) = Initiating.established.dialing(settings)
        let wanted = [
            Self.further, pair("d.example", "b.example"), pair("e.example", "b.example"),
            pair("f.example", "b.example"), pair("g.example", "b.example"),
        ]
        for wanted in wanted.dropLast() { _ = stream.handle(.associate(wanted)) }
        var failed: [[PairFailed]] = []
        var actions: [StreamAction] = []
        for part in 1...6 {
            actions = stream.handle(.deadlinePassed(.dialback))
            failed.append(
                actions.compactMap {
                    if case .pairFailed(let pair, let failure) = $0 { PairFailed(pair, failure) } else { nil }
                })
            if part == 5 { _ = stream.handle(.associate(wanted[4])) }
        }
        // The first is not answered; the second has its turn and its time; the rest are given up, and the last is younger.
        let noTurn = [PairFailed(wanted[2], .hadNoTurn), PairFailed(wanted[3], .hadNoTurn)]
        #expect(failed == [[], [], [], [PairFailed(wanted[0], .timedOut)], [], noTurn])
        let next = stream.handle(.elementReceived(.result(wanted[1], type: "valid")))
        #expect(next.compactMap(\.dialback).map { $0["from"] } == ["g.example"])
        #expect(next.compactMap(\.association).map(\.pair) == [wanted[1]])
    }
}
