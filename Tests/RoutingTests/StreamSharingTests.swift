import Testing
import XMPPModel

@testable import Routing

@Suite("RFC 7712 §4.4: how pairs share streams")
struct StreamSharingTests {
    private static let now = 1000.0

    /// Sharing with its clock.
    private struct Fixture {
        var sharing = StreamSharing { $0 != alone }
        var now = StreamSharingTests.now

        static let alone = RouterFixture.domain("alone.example")

        mutating func handle(_ event: SharingEvent) -> [SharingAction] { sharing.handle(event, at: now) }
        mutating func want(_ pairs: DomainPair...) -> [SharingAction] { pairs.flatMap { handle(.wanted($0)) } }
        mutating func establish(_ pair: DomainPair, _ stream: UInt64) -> [SharingAction] {
            handle(.established(pair, on: StreamID(stream)))
        }
        mutating func decline(_ pair: DomainPair, _ stream: UInt64, _ refusal: PairRefusal) -> [SharingAction] {
            handle(.declined(pair, on: StreamID(stream), refusal))
        }
        mutating func end(_ stream: UInt64) -> [SharingAction] { handle(.ended(StreamID(stream))) }
    }

    /// The pair of one of many hosted domains.
    private static func pair(_ number: Int, to target: String = "b.example") -> DomainPair {
        DomainPair(sender: RouterFixture.domain("t\(number).example"), target: RouterFixture.domain(target))
    }

    private static let first = pair(0)
    private static let second = pair(1)
    private static let third = pair(2)
    private static let failure = AttemptFailure(.unreachable, "nobody is there")

    @Test func `PA-01: of a thousand domains that write at once one dials, and the others join`() {
        var fixture = Fixture()
        let pairs = (0..<1000).map { Self.pair($0) }
        #expect(pairs.flatMap { fixture.handle(.wanted($0)) } == [.attempt(pairs[0], isAlone: false)])
        let joined = fixture.establish(pairs[0], 1)
        #expect(joined == pairs.dropFirst().map { .associate($0, on: StreamID(1)) })
        #expect(pairs.dropFirst().flatMap { fixture.establish($0, 1) } == [])
    }

    @Test func `DO-06: remote domains that nothing leads to any more are forgotten`() {
        var fixture = Fixture()
        for number in 0..<1000 {
            let pair = Self.pair(0, to: "d\(number).example")
            _ = fixture.want(pair)
            switch number % 3 {
            case 0: _ = fixture.handle(.attemptFailed(pair, Self.failure))
            case 1: _ = fixture.establish(pair, UInt64(number)) + fixture.end(UInt64(number))
            default:
                // Closing for being asked is remembered, for a while.
                _ = fixture.establish(pair, UInt64(number))
                let other = Self.pair(1, to: "d\(number).example")
                _ = fixture.want(other) + fixture.decline(other, UInt64(number), .streamEnded)
                _ = fixture.end(UInt64(number))
                _ = fixture.handle(.attemptFailed(Self.pair(1, to: "d\(number).example"), Self.failure))
            }
        }
        #expect(fixture.sharing.targetCount == 333)
        fixture.now += 2 * StreamSharing.memory
        for number in 0..<1000 { _ = fixture.establish(Self.pair(0, to: "e\(number).example"), UInt64(2000 + number)) }
        #expect(fixture.sharing.targetCount <= 1000 + 64)
    }

    @Test func `PA-01: a stream that exists is asked at once, whoever it was opened for`() {
        var fixture = Fixture()
        #expect(fixture.establish(Self.first, 7) == [])
        #expect(fixture.want(Self.second) == [.associate(Self.second, on: StreamID(7))])
        #expect(fixture.want(Self.second) == [])
        #expect(
            fixture.want(Self.pair(1, to: "c.example")) == [.attempt(Self.pair(1, to: "c.example"), isAlone: false)])
    }

    @Test func `BI-05: a stream of both directions that the peer opened is asked for nothing further`() {
        var fixture = Fixture()
        func establishTheirs(_ pair: DomainPair) -> [SharingAction] {
            fixture.handle(.established(pair, on: StreamID(7), takesFurther: false))
        }
        #expect(establishTheirs(Self.first) == [])
        #expect(fixture.want(Self.second, Self.third) == [.attempt(Self.second, isAlone: false)])
        // Who waits for an attempt goes on where the peer's stream comes first.
        #expect(establishTheirs(Self.second) == [.attempt(Self.third, isAlone: false)])
        #expect(fixture.establish(Self.third, 8) == [])
        #expect(fixture.want(Self.pair(3)) == [.associate(Self.pair(3), on: StreamID(8))])
        #expect(fixture.end(7) == [])
    }

    @Test func `PA-01, RT-06: who waits for an attempt goes on where a reload ends the sharing meanwhile`() {
        var fixture = Fixture()
        #expect(fixture.want(Self.first, Self.second) == [.attempt(Self.first, isAlone: false)])
        fixture.sharing.reconfigure { _ in false }
        #expect(fixture.establish(Self.first, 7) == [.attempt(Self.second, isAlone: true)])
        #expect(fixture.establish(Self.second, 8) == [])
        #expect(fixture.want(Self.second) == [.attempt(Self.second, isAlone: true)])
    }

    @Test(arguments: [AttemptFailure.Kind.notFound, .lookupFailed, .unreachable])
    func `RT-06: what keeps one domain from reaching the target keeps them all`(kind: AttemptFailure.Kind) {
        var fixture = Fixture()
        _ = fixture.want(Self.first, Self.second, Self.third)
        let failure = AttemptFailure(kind, "no way")
        #expect(
            fixture.handle(.attemptFailed(Self.first, failure)) == [
                .fail(Self.first, failure), .fail(Self.second, failure), .fail(Self.third, failure),
            ])
        #expect(fixture.want(Self.second) == [.attempt(Self.second, isAlone: false)])
    }

    @Test(arguments: [AttemptFailure.Kind.unauthenticated, .forbidden, .pairRefused, .hadNoTurn, .keyRefused])
    func `PA-05: what concerns one pair leaves the others to try`(kind: AttemptFailure.Kind) {
        var fixture = Fixture()
        _ = fixture.want(Self.first, Self.second, Self.third)
        let failure = AttemptFailure(kind, "not you")
        #expect(
            fixture.handle(.attemptFailed(Self.first, failure)) == [
                .fail(Self.first, failure), .attempt(Self.second, isAlone: false),
            ])
        #expect(fixture.establish(Self.second, 1) == [.associate(Self.third, on: StreamID(1))])
    }

    @Test func `DB-22: a full stream is followed by a second, which others join, and by no third`() {
        var fixture = Fixture()
        _ = fixture.establish(Self.first, 1)
        _ = fixture.want(Self.second, Self.third)
        #expect(fixture.decline(Self.second, 1, .full) == [.attempt(Self.second, isAlone: false)])
        #expect(fixture.decline(Self.third, 1, .full) == [])
        let fourth = Self.pair(3)
        #expect(fixture.want(fourth) == [])
        #expect(
            fixture.establish(Self.second, 2) == [
                .associate(Self.third, on: StreamID(2)), .associate(fourth, on: StreamID(2)),
            ])
        let failure = AttemptFailure(.pairRefused, "no room there either")
        #expect(fixture.decline(fourth, 2, .full) == [.attempt(fourth, isAlone: false)])
        #expect(fixture.handle(.attemptFailed(fourth, failure)) == [.fail(fourth, failure)])
        // Where a pair leaves there is room again.
        _ = fixture.handle(.withdrawn(Self.first, on: StreamID(1)))
        #expect(fixture.want(fourth) == [.associate(fourth, on: StreamID(1))])
    }

    @Test func `PS-05: who is refused beside others tries alone`() {
        var fixture = Fixture()
        _ = fixture.establish(Self.first, 1)
        _ = fixture.want(Self.second, Self.third)
        #expect(fixture.decline(Self.second, 1, .refusedHere) == [.attempt(Self.second, isAlone: true)])
        #expect(fixture.establish(Self.third, 1) == [])
        let failure = AttemptFailure(.pairRefused, "not alone either")
        #expect(fixture.handle(.attemptFailed(Self.second, failure)) == [.fail(Self.second, failure)])
    }

    @Test(arguments: [AttemptFailure.Kind.keyRefused, .pairRefused])
    func `DB-07, DB-08: a refusal that holds anywhere fails the pair alone`(kind: AttemptFailure.Kind) {
        var fixture = Fixture()
        _ = fixture.establish(Self.first, 1)
        _ = fixture.want(Self.second, Self.third)
        let failure = AttemptFailure(kind, "no")
        #expect(fixture.decline(Self.second, 1, .failed(failure)) == [.fail(Self.second, failure)])
        // A second answer finds nobody (DB-09).
        #expect(fixture.decline(Self.second, 1, .failed(failure)) == [])
        #expect(fixture.establish(Self.third, 1) == [])
    }

    @Test func `PS-03: a peer that takes no further pair has a stream for each`() {
        var fixture = Fixture()
        _ = fixture.establish(Self.first, 1)
        _ = fixture.want(Self.second, Self.third)
        #expect(fixture.decline(Self.second, 1, .notTaken) == [.attempt(Self.second, isAlone: true)])
        #expect(fixture.decline(Self.third, 1, .notTaken) == [.attempt(Self.third, isAlone: true)])
        #expect(fixture.want(Self.pair(3)) == [.attempt(Self.pair(3), isAlone: true)])
        // It may be another server in an hour.
        fixture.now += 3601
        #expect(fixture.want(Self.pair(4)) == [.associate(Self.pair(4), on: StreamID(1))])
    }

    @Test func `PA-01: whoever asked a stream that ends finds another, and a peer that closes twice is asked no more`()
    {
        var fixture = Fixture()
        _ = fixture.establish(Self.first, 1)
        _ = fixture.want(Self.second, Self.third)
        #expect(fixture.decline(Self.second, 1, .streamEnded) == [.attempt(Self.second, isAlone: false)])
        // It was one closure, however many had asked.
        #expect(fixture.decline(Self.third, 1, .streamEnded) + fixture.end(1) == [])
        #expect(fixture.establish(Self.second, 2) == [.associate(Self.third, on: StreamID(2))])
        #expect(fixture.decline(Self.third, 2, .streamEnded) == [.attempt(Self.third, isAlone: true)])
        #expect(fixture.end(2) == [])
        #expect(
            fixture.want(Self.first, Self.second).allSatisfy {
                if case .attempt(_, isAlone: true) = $0 { true } else { false }
            })
    }

    @Test(arguments: [true, false])
    func `PS-03: a stream that was over before the peer was asked is no closure, however often`(isTold: Bool) {
        var fixture = Fixture()
        for stream in UInt64(1)...8 {
            _ = fixture.establish(Self.first, stream)
            #expect(fixture.want(Self.second) == [.associate(Self.second, on: StreamID(stream))])
            let actions = isTold ? fixture.decline(Self.second, stream, .overtaken) : fixture.end(stream)
            #expect(actions == [.attempt(Self.second, isAlone: false)])
            #expect(isTold ? fixture.end(stream) == [] : fixture.decline(Self.second, stream, .overtaken) == [])
            _ = fixture.handle(.attemptFailed(Self.second, AttemptFailure(.pairRefused, "no")))
        }
        // What the peer was asked for on the same stream is another matter.
        _ = fixture.establish(Self.first, 9)
        let other = Self.pair(2, to: "c.example")
        _ = fixture.establish(Self.pair(0, to: "c.example"), 9)
        _ = fixture.want(Self.second, other)
        #expect(fixture.decline(Self.second, 9, .overtaken) == [.attempt(Self.second, isAlone: false)])
        #expect(fixture.decline(other, 9, .streamEnded) == [.attempt(other, isAlone: false)])
        #expect(fixture.want(Self.third) == [])
    }

    @Test func `PA-01: a stream that ends by chance is no reason to open more`() {
        var fixture = Fixture()
        for stream in UInt64(1)...8 {
            #expect(fixture.want(Self.first) == [.attempt(Self.first, isAlone: false)])
            _ = fixture.establish(Self.first, stream)
            _ = fixture.want(Self.second)
            _ = fixture.establish(Self.second, stream)
            _ = fixture.want(Self.third)
            #expect(fixture.end(stream) == [.attempt(Self.third, isAlone: false)])
            _ = fixture.establish(Self.third, stream + 100)
            _ = fixture.want(Self.second)
            _ = fixture.establish(Self.second, stream + 100)
            #expect(fixture.end(stream + 100) == [])
        }
    }

    @Test func `PA-01: without piggybacking each pair has its own stream`() {
        var fixture = Fixture()
        let pairs = [Self.pair(0, to: "alone.example"), Self.pair(1, to: "alone.example")]
        #expect(fixture.want(pairs[0], pairs[1]) == pairs.map { .attempt($0, isAlone: true) })
        #expect(fixture.establish(pairs[0], 1) == [])
        #expect(
            fixture.want(Self.pair(2, to: "alone.example")) == [
                .attempt(Self.pair(2, to: "alone.example"), isAlone: true)
            ])
        #expect(fixture.handle(.attemptFailed(pairs[1], Self.failure)) == [.fail(pairs[1], Self.failure)])
    }

    @Test func `XS-24: nobody wants anything of one that drains`() {
        var fixture = Fixture()
        _ = fixture.want(Self.first, Self.second)
        #expect(fixture.handle(.draining) == [])
        #expect(fixture.establish(Self.first, 1) == [])
        #expect(fixture.decline(Self.second, 1, .full) == [])
        #expect(fixture.end(1) == [])
    }

    @Test func `every order of events is survived, and nobody who wants a stream is forgotten`() {
        let random = RandomSource(seed: 7712)
        for _ in 0..<200 {
            var fixture = Fixture()
            var wanting: Set<DomainPair> = []
            for _ in 0..<120 {
                let pair = Self.pair(random.next(below: 4), to: random.next(below: 3) == 0 ? "c.example" : "b.example")
                let stream = StreamID(UInt64(random.next(below: 3)))
                let event: SharingEvent =
                    switch random.next(below: 8) {
                    case 0, 1, 2: .wanted(pair)
                    case 3: .established(pair, on: stream)
                    case 4:
                        .declined(
                            pair, on: stream,
                            [.full, .notTaken, .refusedHere, .streamEnded, .overtaken][random.next(below: 5)])
                    case 5: .attemptFailed(pair, Self.failure)
                    case 6: .withdrawn(pair, on: stream)
                    default: .ended(stream)
                    }
                if case .wanted = event { wanting.insert(pair) }
                if case .established = event { wanting.remove(pair) }
                for action in fixture.handle(event) {
                    if case .fail(let pair, _) = action { wanting.remove(pair) }
                }
                fixture.now += random.next() * 100
            }
            // What is under way comes to an end: every attempt fails, every stream ends.
            for _ in 0..<12 {
                for stream in UInt64(0)..<3 { wanting.subtract(fixture.end(stream).failed) }
                for pair in wanting {
                    wanting.subtract(fixture.handle(.attemptFailed(pair, Self.failure)).failed)
                }
            }
            #expect(wanting.isEmpty)
        }
    }
}

extension [SharingAction] {
    fileprivate var failed: [DomainPair] {
        compactMap { if case .fail(let pair, _) = $0 { pair } else { nil } }
    }
}
