internal import Glibc

/// The calendar, as a function that can be replaced.
public enum WallClock {
    /// Seconds since 1970 in UTC by the host's clock.
    public static let system: @Sendable () -> Int64 = { Int64(time(nil)) }
}
