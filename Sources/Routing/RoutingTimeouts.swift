/// How long stanzas and remote domains wait, in seconds; the section `[timeouts]` of the configuration.
public struct RoutingTimeouts: Hashable, Sendable {
    /// How long a stanza waits for a stream at most.
    public var delivery: Double
    /// How long the next attempt waits after the first, second … failure in a row; the last repeats. Each is varied by
    /// ±20 % (XS-26). Empty: it never waits.
    public var retryAfterFailure: [Double]

    /// Makes timeouts; the defaults are those of the configuration.
    public init(delivery: Double = 120, retryAfterFailure: [Double] = [5, 15, 60, 300]) {
        self.delivery = delivery
        self.retryAfterFailure = retryAfterFailure
    }
}
