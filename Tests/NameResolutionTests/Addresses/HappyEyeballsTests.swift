import DNSMessages
import NameResolution
import Testing

@Suite("Addresses of one host (RFC 8305, RFC 6724)")
struct HappyEyeballsTests {
    private let sixes: [IPAddress]
    private let fours: [IPAddress]
    private var dial = HappyEyeballs()

    init() throws {
        sixes = try ["2001:db8::1", "2001:db8::2"].map { try #require(IPAddress($0)) }
        fours = try ["192.0.2.1", "192.0.2.2"].map { try #require(IPAddress($0)) }
    }

    private static let stagger = HappyEyeballs.Action.setTimer(.attemptDelay, after: .milliseconds(250))

    @Test mutating func `DN-10: AAAA first begins at once`() {
        #expect(dial.handle(.resolved(.v6, sixes), at: .zero) == [.attempt(sixes[0]), Self.stagger])
    }

    @Test mutating func `DN-10: A waits 50 ms for AAAA, which then comes first`() {
        #expect(
            dial.handle(.resolved(.v4, fours), at: .zero)
                == [.setTimer(.resolutionDelay, after: .milliseconds(50))])
        #expect(
            dial.handle(.resolved(.v6, sixes), at: .milliseconds(20)) == [.attempt(sixes[0]), Self.stagger])
        #expect(dial.handle(.timerFired(.resolutionDelay), at: .milliseconds(50)) == [])
        #expect(dial.handle(.timerFired(.attemptDelay), at: .milliseconds(270)) == [.attempt(fours[0]), Self.stagger])
    }

    @Test mutating func `DN-10: after 50 ms A goes ahead, and a late AAAA joins the list`() {
        _ = dial.handle(.resolved(.v4, fours), at: .zero)
        #expect(
            dial.handle(.timerFired(.resolutionDelay), at: .milliseconds(50)) == [.attempt(fours[0]), Self.stagger])
        #expect(dial.handle(.resolved(.v6, [sixes[0]]), at: .milliseconds(60)) == [])
        #expect(dial.handle(.timerFired(.attemptDelay), at: .milliseconds(300)) == [.attempt(sixes[0]), Self.stagger])
        #expect(dial.handle(.timerFired(.attemptDelay), at: .milliseconds(550)) == [.attempt(fours[1])])
    }

    @Test mutating func `DN-10: a late AAAA after the only A failed is tried too`() {
        _ = dial.handle(.resolved(.v4, [fours[0]]), at: .zero)
        _ = dial.handle(.timerFired(.resolutionDelay), at: .milliseconds(50))
        #expect(dial.handle(.attemptFailed(fours[0]), at: .milliseconds(60)) == [])
        #expect(dial.handle(.resolved(.v6, [sixes[0]]), at: .milliseconds(500)) == [.attempt(sixes[0])])
        #expect(
            dial.handle(.attemptFailed(sixes[0]), at: .milliseconds(510)) == [.finished(.exhausted(attempts: 2))])
    }

    @Test mutating func `DN-10: a late AAAA does not overtake the stagger`() {
        _ = dial.handle(.resolved(.v4, [fours[0]]), at: .zero)
        _ = dial.handle(.timerFired(.resolutionDelay), at: .milliseconds(50))
        #expect(
            dial.handle(.resolved(.v6, [sixes[0]]), at: .milliseconds(150))
                == [.setTimer(.attemptDelay, after: .milliseconds(150))])
    }

    @Test mutating func `DN-10: no AAAA is no reason to wait`() {
        #expect(dial.handle(.resolved(.v6, []), at: .zero) == [])
        #expect(dial.handle(.resolved(.v4, fours), at: .zero) == [.attempt(fours[0]), Self.stagger])
    }

    @Test mutating func `DN-11: a black hole costs one delay, and the loser is cancelled`() {
        _ = dial.handle(.resolved(.v6, [sixes[0]]), at: .zero)
        _ = dial.handle(.resolved(.v4, [fours[0]]), at: .milliseconds(1))
        #expect(dial.handle(.timerFired(.attemptDelay), at: .milliseconds(250)) == [.attempt(fours[0])])
        #expect(
            dial.handle(.attemptSucceeded(fours[0]), at: .milliseconds(251))
                == [.cancelAttempts([sixes[0]]), .finished(.connected(fours[0]))])
        // It connected in the same turn; the connection is closed.
        #expect(dial.handle(.attemptSucceeded(sixes[0]), at: .milliseconds(251)) == [.cancelAttempts([sixes[0]])])
        #expect(dial.handle(.attemptFailed(sixes[0]), at: .milliseconds(252)) == [])
    }

    @Test mutating func `DN-11: attempts are never closer than 10 ms, even when they fail at once`() {
        _ = dial.handle(.resolved(.v6, sixes), at: .zero)
        #expect(
            dial.handle(.attemptFailed(sixes[0]), at: .milliseconds(1))
                == [.setTimer(.attemptDelay, after: .milliseconds(9))])
        #expect(dial.handle(.timerFired(.attemptDelay), at: .milliseconds(10)) == [.attempt(sixes[1])])
        #expect(HappyEyeballs.Intervals(attemptDelay: .zero).attemptDelay == .milliseconds(10))
    }

    @Test mutating func `DN-09: every address is tried, once, before the host is given up`() {
        var tried: [IPAddress] = []
        var outcome: HappyEyeballs.Outcome?
        var now = Duration.zero
        var pending =
            dial.handle(.resolved(.v6, sixes + sixes), at: now) + dial.handle(.resolved(.v4, fours), at: now)
        while let action = pending.first {
            pending.removeFirst()
            now += .milliseconds(20)
            switch action {
            case .attempt(let address):
                tried.append(address)
                pending = dial.handle(.attemptFailed(address), at: now)
            case .setTimer(let timer, _): pending = dial.handle(.timerFired(timer), at: now)
            case .cancelAttempts: break
            case .finished(let result): outcome = result
            }
        }
        #expect(tried == [sixes[0], fours[0], sixes[1], fours[1]])
        #expect(outcome == .exhausted(attempts: 4))
    }

    @Test mutating func `a host without addresses is given up when both answers are there`() {
        #expect(dial.handle(.resolved(.v4, []), at: .zero) == [])
        #expect(dial.handle(.resolved(.v4, fours), at: .zero) == [])
        #expect(dial.handle(.resolved(.v6, []), at: .zero) == [.finished(.exhausted(attempts: 0))])
        for event in [HappyEyeballs.Event.resolved(.v6, sixes), .timerFired(.attemptDelay), .attemptFailed(sixes[0])] {
            #expect(dial.handle(event, at: .zero) == [])
        }
    }

    @Test func `DN-11: addresses are sorted by precedence and scope, families interleaved`() throws {
        let texts = [
            "192.0.2.1", "2002:c000:201::1", "2001:db8::1", "fc00::1", "169.254.0.1", "2001::1", "::1", "2001:db8::1",
        ]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        #expect(
            AddressSelection.order(addresses).map(\.description) == [
                "::1", "169.254.0.1", "2001:db8::1", "192.0.2.1", "2002:c000:201::1", "2001::1", "fc00::1",
            ])
    }
}
