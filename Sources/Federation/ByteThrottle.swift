internal import EventLoops

/// How many octets a peer may send in a second (DO-04): a bucket that holds one second's worth.
struct ByteThrottle {
    private let bytesPerSecond: Double
    private var level = 0.0
    private var updated: LoopTime?

    init(bytesPerSecond: Int) {
        self.bytesPerSecond = Double(max(1, bytesPerSecond))
    }

    /// Counts octets that were read, and says how long to read no more; nil for not at all.
    mutating func wait(after count: Int, at now: LoopTime) -> Duration? {
        if let updated {
            let elapsed = now - updated
            let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
            level = max(0, level - seconds * bytesPerSecond)
        }
        updated = now
        level += Double(count)
        guard level > bytesPerSecond else { return nil }
        return .milliseconds(Int64(1000 * (level - bytesPerSecond) / bytesPerSecond) + 10)
    }
}
