/// The moment until which a test is willing to wait.
public struct Deadline: Sendable {
    private let moment: ContinuousClock.Instant

    /// A deadline that passes `delay` from now.
    public static func after(_ delay: Duration) -> Deadline {
        Deadline(moment: .now + delay)
    }

    /// Whether it is too late.
    public var hasPassed: Bool { moment <= .now }

    /// What is left, in milliseconds, as `poll` takes it; at least 1 while the deadline has not passed, else 0.
    public var millisecondsLeft: Int32 {
        let left = ContinuousClock.now.duration(to: moment).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        return Int32(clamping: milliseconds)
    }
}
