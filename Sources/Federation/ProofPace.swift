/// How often the proofs of streams that live are renewed.
public struct ProofPace: Hashable, Sendable {
    /// Evidence that lives shorter is looked up no more often than this, in seconds.
    public var leastInterval: Int64
    /// How long before its end evidence is looked up at the earliest, in seconds.
    public var mostMargin: Int64
    /// A timer of more than a day is of no use on a stream that is closed when idle; it is set anew then. In seconds.
    public var longestTimer: Int64

    /// Sets the pace.
    public init(leastInterval: Int64 = 15, mostMargin: Int64 = 300, longestTimer: Int64 = 86_400) {
        self.leastInterval = leastInterval
        self.mostMargin = mostMargin
        self.longestTimer = longestTimer
    }

    /// What a daemon keeps to.
    public static let standard = ProofPace()
}
