/// The moment of an event, as deciders see it: no clock is read behind their back.
public struct ResolutionTime: Hashable, Sendable {
    /// Since any fixed moment, never set back: for lifetimes and timeouts.
    public var elapsed: Duration
    /// Seconds since 1970 in UTC: for the validity of signatures.
    public var wallClock: Int64

    /// A moment on both clocks.
    public init(elapsed: Duration, wallClock: Int64) {
        self.elapsed = elapsed
        self.wallClock = wallClock
    }
}
