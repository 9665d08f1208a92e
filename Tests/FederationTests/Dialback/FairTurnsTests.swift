import TestSupport
import Testing

@testable import Federation

/// Who is dialled next, so that nobody's flood holds up the others.
@Suite("fair turns")
struct FairTurnsTests {
    private typealias Turns = FairTurns<Int, String>

    @Test func `DO-06: so many have a turn over all and for each, and so many wait`() {
        var turns = Turns(limit: 3, forEach: 2, waiting: 3, waitingForEach: 2)
        #expect(
            [1, 2, 3, 4, 5].map { turns.enter($0, for: "flood") } == [.granted, .granted, .waits, .waits, .refused])
        #expect([6, 7, 8].map { turns.enter($0, for: "other") } == [.granted, .waits, .refused])
        #expect([1, 2, 6].allSatisfy(turns.hasTurn) && ![3, 4, 5, 7, 8].contains(where: turns.hasTurn))
        // Who has a turn or a place keeps it, and takes no second one.
        #expect(turns.enter(1, for: "flood") == .granted && turns.enter(3, for: "flood") == .waits)
        #expect(turns.leave(8).isEmpty && turns.leave(5).isEmpty)
    }

    @Test func `DO-06: turns go on in the order of the line, past those whose origin has its share`() {
        var turns = Turns(limit: 2, forEach: 1, waiting: 10, waitingForEach: 10)
        #expect(turns.enter(1, for: "flood") == .granted)
        for key in 2...4 { #expect(turns.enter(key, for: "flood") == .waits) }
        #expect(turns.enter(10, for: "other") == .granted)
        #expect(turns.enter(11, for: "third") == .waits)
        #expect(turns.leave(10) == [11])
        #expect(turns.leave(1) == [2])
        // A place in the line is given back without a turn.
        #expect(turns.leave(3).isEmpty)
        #expect(turns.leave(2) == [4])
        #expect(turns.leave(11).isEmpty && turns.leave(4).isEmpty)
        #expect(turns.enter(1, for: "flood") == .granted)
    }

    @Test func `DO-06: who is asked about by a second origin does not wait for the first`() {
        var turns = Turns(limit: 4, forEach: 1, waiting: 10, waitingForEach: 10)
        #expect(turns.enter(1, for: "flood") == .granted)
        #expect(turns.enter(2, for: "flood") == .waits)
        #expect(turns.enter(2, for: "other") == .granted)
        #expect(turns.leave(1).isEmpty)
        #expect(turns.leave(2).isEmpty)
    }

    @Test func `DO-06: a newcomer comes before the next of those who have many`() {
        var turns = Turns(limit: 4, forEach: 4, waiting: 10, waitingForEach: 10)
        for key in 1...8 { _ = turns.enter(key, for: key % 2 == 0 ? "flood" : "other flood") }
        #expect(turns.enter(9, for: "newcomer") == .waits)
        #expect(turns.wouldYield(1, to: "newcomer") && !turns.wouldYield(5, to: "newcomer") && turns.isAwaited(1))
        #expect(turns.leave(1) == [9])
        #expect(turns.leave(2) == [6] || turns.leave(2).isEmpty)
    }

    /// What a line is at every moment, written again without economy.
    private struct Model {
        var running: [Int: String] = [:]
        var line: [(key: Int, origin: String)] = []

        func isRoom(for origin: String, _ limits: Limits) -> Bool {
            running.count < limits.all && turns(of: origin) < limits.each
        }

        func turns(of origin: String) -> Int { running.values.count { $0 == origin } }

        /// Whose turn it is: of those who have the fewest, the first.
        func next(_ limits: Limits) -> (key: Int, origin: String)? {
            let able = line.filter { isRoom(for: $0.origin, limits) }
            let fewest = able.map { turns(of: $0.origin) }.min()
            return able.first { turns(of: $0.origin) == fewest }
        }
    }

    private struct Limits {
        var all: Int
        var each: Int
        var waiting: Int
        var waitingForEach: Int
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `DO-06: no key is lost, no limit is passed, and nobody waits for whom there is room`(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let limits = Limits(
            all: .random(in: 1...6, using: &generator), each: .random(in: 1...4, using: &generator),
            waiting: .random(in: 0...12, using: &generator), waitingForEach: .random(in: 0...6, using: &generator))
        var turns = Turns(
            limit: limits.all, forEach: limits.each, waiting: limits.waiting, waitingForEach: limits.waitingForEach)
        var model = Model()
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<40, using: &generator)
            if Bool.random(using: &generator) {
                enter(key, for: ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a", &turns, &model, limits)
            } else {
                leave(key, &turns, &model, limits)
            }
            #expect(model.running.count <= limits.all && model.line.count <= limits.waiting)
            for key in 0..<40 where turns.hasTurn(key) != (model.running[key] != nil) {
                Issue.record("seed \(seed): \(key)")
            }
            #expect(!model.line.contains { model.isRoom(for: $0.origin, limits) })
        }
        // All of them get out, each once.
        while let key = model.running.keys.min() { leave(key, &turns, &model, limits) }
        #expect(model.line.isEmpty)
    }

    private func enter(
        _ key: Int, for origin: String, _ turns: inout Turns, _ model: inout Model, _ limits: Limits
    ) {
        let answer = turns.enter(key, for: origin)
        if model.running[key] != nil { return #expect(answer == .granted) }
        if model.isRoom(for: origin, limits) {
            model.line.removeAll { $0.key == key }
            model.running[key] = origin
            return #expect(answer == .granted)
        }
        if model.line.contains(where: { $0.key == key }) { return #expect(answer == .waits) }
        let isRefused =
            model.line.count >= limits.waiting || model.line.count { $0.origin == origin } >= limits.waitingForEach
        #expect(answer == (isRefused ? .refused : .waits))
        if !isRefused { model.line.append((key, origin)) }
    }

    private func leave(_ key: Int, _ turns: inout Turns, _ model: inout Model, _ limits: Limits) {
        let isAwaited = turns.isAwaited(key)
        let granted = turns.leave(key)
        #expect(isAwaited == !granted.isEmpty)
        let hadTurn = model.running.removeValue(forKey: key) != nil
        model.line.removeAll { $0.key == key }
        var expected: [Int] = []
        if hadTurn {
            while let waiter = model.next(limits) {
                model.running[waiter.key] = waiter.origin
                model.line.removeAll { $0.key == waiter.key }
                expected.append(waiter.key)
            }
        }
        #expect(granted == expected)
    }
}
