internal import Glibc
internal import TestSupport

extension Bench {
    /// Waits for what happens on loops and in other processes, and for no longer than that may take.
    ///
    /// - Parameters:
    ///   - awaited: What is waited for, with what may explain that it did not come.
    ///   - interval: How long it waits before it looks again: as exactly as the moment has to be known.
    ///   - condition: Throws where waiting is of no use any more.
    /// - Throws: ``BenchmarkFailure`` when the time is over.
    static func wait(
        for awaited: @autoclosure () -> String, within limit: Duration, every interval: Duration = .milliseconds(1),
        until condition: () throws -> Bool
    ) throws {
        guard try eventually(within: limit, every: interval, condition) else {
            throw BenchmarkFailure("no end of waiting for \(awaited())")
        }
    }

    /// Lets load run for a while.
    static func run(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var left = rest
        while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
    }
}
