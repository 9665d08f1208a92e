internal import Glibc

/// A moment on the monotonic clock, in nanoseconds since an arbitrary start; it never jumps with the calendar.
public struct LoopTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since the clock's start.
    public let nanoseconds: UInt64

    /// A moment so many nanoseconds after the clock's start.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock read now; ``EventLoop/now`` is cheaper on a loop.
    public static var current: LoopTime {
        var reading = timespec()
        clock_gettime(CLOCK_MONOTONIC, &reading)
        return LoopTime(nanoseconds: UInt64(reading.tv_sec) * 1_000_000_000 + UInt64(reading.tv_nsec))
    }

    /// A moment that never comes.
    public static let distantFuture = LoopTime(nanoseconds: .max)

    /// Whether `left` comes before `right`.
    public static func < (left: LoopTime, right: LoopTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` later; a negative duration counts as zero and an endless one ends at ``distantFuture``.
    public static func + (moment: LoopTime, duration: Duration) -> LoopTime {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return overflow ? .distantFuture : LoopTime(nanoseconds: sum)
    }

    /// The time from `start` to `end`, zero when `end` is earlier.
    public static func - (end: LoopTime, start: LoopTime) -> Duration {
        guard end > start else { return .zero }
        return .nanoseconds(Int64(clamping: end.nanoseconds - start.nanoseconds))
    }
}

extension Duration {
    /// The duration in nanoseconds, within 0…`UInt64.max`.
    var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (scaled, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = scaled.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || carry ? .max : sum
    }
}
