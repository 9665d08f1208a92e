import Testing

@testable import EventLoops

@Suite("Timers")
struct TimerTests {
    private static let tick: UInt64 = 1 << 26

    @Test(arguments: [0, 1, 7, 34, 3_600])
    func `a coarse deadline is met within a tick and never early`(seconds: Int) throws {
        let loop = try EventLoop(name: "timers")
        defer { loop.stop() }
        loop.run {
            var wheel = TimerWheel()
            let start = LoopTime(nanoseconds: 5_000_000_000_123)
            let timer = LoopTimer(loop: loop, isPrecise: false) {}
            let deadline = start + .seconds(seconds) + .milliseconds(1)
            wheel.arm(timer, at: deadline, now: start)
            var due: [LoopTimer] = []
            var wakes = 0
            var now = start
            while due.isEmpty, let next = wheel.nextWake {
                #expect(next > now)
                now = next
                wakes += 1
                wheel.advance(to: now, due: &due)
            }
            #expect(due.count == 1 && now >= deadline && now < deadline + .nanoseconds(Int64(2 * Self.tick)))
            #expect(wakes <= 1 + seconds / 34)
        }
    }

    @Test func `ten thousand deadlines armed, moved and cancelled at random are all met in time`() throws {
        let loop = try EventLoop(name: "timers")
        defer { loop.stop() }
        loop.run { moveAtRandom((0..<10_000).map { LoopTimer(loop: loop, isPrecise: $0 % 10 == 0) {} }) }
    }

    private func moveAtRandom(_ timers: [LoopTimer]) {
        var wheel = TimerWheel()
        var heap = TimerHeap()
        var now = LoopTime(nanoseconds: 77 * Self.tick + 5)
        var expected: [ObjectIdentifier: LoopTime] = [:]
        for round in 0..<30 {
            for timer in timers where Int.random(in: 0..<4) == 0 {
                let deadline = now + .milliseconds(Int.random(in: 0..<90_000))
                if Int.random(in: 0..<5) == 0 {
                    if timer.isPrecise { heap.remove(timer) } else { wheel.remove(timer) }
                    expected[ObjectIdentifier(timer)] = nil
                    continue
                }
                if timer.isPrecise { heap.arm(timer, at: deadline) } else { wheel.arm(timer, at: deadline, now: now) }
                expected[ObjectIdentifier(timer)] = deadline
            }
            now = now + .milliseconds(round % 9 == 0 ? 40_000 : Int.random(in: 0..<3_000))
            var due: [LoopTimer] = []
            wheel.advance(to: now, due: &due)
            heap.advance(to: now, due: &due)
            var early = 0
            for timer in due {
                timer.place = .nowhere
                let deadline = expected.removeValue(forKey: ObjectIdentifier(timer)) ?? .distantFuture
                if deadline > now { early += 1 }
            }
            #expect(early == 0)
            var late = 0
            for deadline in expected.values where deadline + .nanoseconds(Int64(Self.tick)) <= now { late += 1 }
            #expect(late == 0)
        }
        #expect(!expected.isEmpty)
    }

    /// What timers of one loop did, and the timers that others act upon.
    private final class Journal {
        var fired: [String] = []
        var second: LoopTimer?
        var periodic: LoopTimer?
    }

    @Test func `deadlines fire in order, equal ones in the order they were armed`() throws {
        let loop = try EventLoop(name: "timers")
        defer { loop.stop() }
        let journal = Journal()
        loop.run {
            for name in ["c", "a", "b"] {
                let delay = Duration.milliseconds(["a": 1, "b": 2, "c": 3][name] ?? 0)
                loop.scheduleSoon(after: delay) { journal.fired.append(name) }
            }
            // In a turn the clock stands still, so these deadlines are equal.
            for name in ["d", "e", "f", "g"] {
                loop.scheduleSoon(after: .milliseconds(9)) { journal.fired.append(name) }
            }
        }
        #expect(loop.turns { journal.fired.count == 7 })
        #expect(loop.run { journal.fired } == ["a", "b", "c", "d", "e", "f", "g"])
    }

    @Test func `a body may cancel another that is due, and arm itself again`() throws {
        let loop = try EventLoop(name: "timers")
        defer { loop.stop() }
        let journal = Journal()
        loop.run {
            loop.scheduleSoon(after: .zero) {
                journal.fired.append("first")
                journal.second?.cancel()
            }
            journal.second = loop.scheduleSoon(after: .zero) { journal.fired.append("second") }
            journal.periodic = loop.timer(precise: true) {
                journal.fired.append("again")
                if journal.fired.count < 4 { journal.periodic?.rearm(after: .milliseconds(1)) }
            }
            journal.periodic?.rearm(after: .milliseconds(1))
        }
        #expect(loop.turns { journal.fired.count == 4 })
        #expect(loop.run { journal.fired } == ["first", "again", "again", "again"])
        #expect(loop.run { journal.periodic?.isArmed == false && journal.second?.isArmed == false })
    }

    @Test func `a coarse and a precise timer wake a loop that does nothing else`() async throws {
        let loop = try EventLoop(name: "timers")
        let start = LoopTime.current
        let precise = await withCheckedContinuation { continuation in
            loop.execute { loop.scheduleSoon(after: .milliseconds(20)) { continuation.resume(returning: loop.now) } }
        }
        let coarse = await withCheckedContinuation { continuation in
            loop.execute { loop.schedule(after: .milliseconds(20)) { continuation.resume(returning: loop.now) } }
        }
        #expect(precise - start >= .milliseconds(20))
        #expect(coarse - precise >= .milliseconds(20))
        loop.stop()
    }

    @Test func `a duration never overflows a moment`() {
        let moment = LoopTime(nanoseconds: 10)
        #expect(moment + .seconds(Int64.max) == .distantFuture)
        #expect(moment + .seconds(-5) == moment)
        #expect(moment - .distantFuture == .zero)
    }
}
