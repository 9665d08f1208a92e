internal import Synchronization

/// How many stanzas have been handed to each loop and not yet routed there.
final class StanzasInTransit: Sendable {
    private let counts: Mutex<[Int]>

    init(loopCount: Int) {
        counts = Mutex(Array(repeating: 0, count: loopCount))
    }

    /// How many there are then.
    func add(_ count: Int, to loop: Int) -> Int {
        counts.withLock { counts in
            counts[loop] += count
            return counts[loop]
        }
    }

    /// How many there are then.
    func subtract(_ count: Int, from loop: Int) -> Int { add(-count, to: loop) }
}
