/// Who may do something costly now, and who waits: so many at once over all, and so many at once for each of those whom it
/// is done for, so that nobody's flood holds up the others. Of those who wait, it is done next for whom it is done least now.
struct FairTurns<Key: Hashable, Origin: Hashable> {
    /// What comes of asking for a turn.
    enum Answer: Hashable {
        /// It has its turn from now on.
        case granted
        /// ``leave(_:)`` will name it.
        case waits
        /// Too many wait already.
        case refused
    }

    private struct Waiter {
        var key: Key
        var origin: Origin
    }

    private let limit: Int
    private let limitForEach: Int
    private let waitingLimit: Int
    private let waitingLimitForEach: Int
    private var turns: [Key: Origin] = [:]
    private var running: [Origin: Int] = [:]
    private var waiting: [Waiter] = []
    /// Their keys: most of those who come and go have not waited.
    private var lined: Set<Key> = []
    private var waitingFor: [Origin: Int] = [:]

    /// Makes an empty line.
    ///
    /// - Parameters:
    ///   - limit: How many have a turn at the same time.
    ///   - limitForEach: How many of them for the same origin.
    ///   - waitingLimit: How many wait.
    ///   - waitingLimitForEach: How many of them for the same origin.
    init(limit: Int, forEach limitForEach: Int, waiting waitingLimit: Int, waitingForEach waitingLimitForEach: Int) {
        self.limit = limit
        self.limitForEach = limitForEach
        self.waitingLimit = waitingLimit
        self.waitingLimitForEach = waitingLimitForEach
    }

    /// Asks for a turn. A key that waits for one origin gets its turn at once when another origin may have one.
    mutating func enter(_ key: Key, for origin: Origin) -> Answer {
        guard turns[key] == nil else { return .granted }
        if turns.count < limit, running[origin, default: 0] < limitForEach {
            remove(waiting: key)
            grant(key, origin)
            return .granted
        }
        guard !lined.contains(key) else { return .waits }
        guard waiting.count < waitingLimit, waitingFor[origin, default: 0] < waitingLimitForEach else {
            return .refused
        }
        waiting.append(Waiter(key: key, origin: origin))
        lined.insert(key)
        waitingFor[origin, default: 0] += 1
        return .waits
    }

    /// Whether the key has its turn.
    func hasTurn(_ key: Key) -> Bool { turns[key] != nil }

    /// Gives a turn back, or a place in the line.
    ///
    /// - Returns: Those who have their turn from now on.
    mutating func leave(_ key: Key) -> [Key] {
        remove(waiting: key)
        guard let origin = turns.removeValue(forKey: key) else { return [] }
        Self.count(down: origin, in: &running)
        var granted: [Key] = []
        while turns.count < limit, let next {
            remove(waiting: next.key)
            grant(next.key, next.origin)
            granted.append(next.key)
        }
        return granted
    }

    /// The first in the line of those whose origin has the fewest turns.
    private var next: Waiter? {
        var best: (waiter: Waiter, turns: Int)?
        for waiter in waiting {
            let count = running[waiter.origin, default: 0]
            guard count < best?.turns ?? limitForEach else { continue }
            best = (waiter, count)
            if count == 0 { break }
        }
        return best?.waiter
    }

    /// Whether an origin could have a turn if this key gave up its own.
    func wouldYield(_ key: Key, to origin: Origin) -> Bool {
        guard let own = turns[key] else { return false }
        return running[origin, default: 0] - (own == origin ? 1 : 0) < limitForEach
    }

    /// Whether somebody who waits would have a turn if this key gave up its own.
    func isAwaited(_ key: Key) -> Bool { waiting.contains { wouldYield(key, to: $0.origin) } }

    private mutating func grant(_ key: Key, _ origin: Origin) {
        turns[key] = origin
        running[origin, default: 0] += 1
    }

    private mutating func remove(waiting key: Key) {
        guard lined.remove(key) != nil, let index = waiting.firstIndex(where: { $0.key == key }) else { return }
        Self.count(down: waiting.remove(at: index).origin, in: &waitingFor)
    }

    private static func count(down origin: Origin, in counts: inout [Origin: Int]) {
        let count = (counts[origin] ?? 1) - 1
        counts[origin] = count > 0 ? count : nil
    }
}
