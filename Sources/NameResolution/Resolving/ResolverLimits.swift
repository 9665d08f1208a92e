/// How much work a resolver takes on at once (DO-06).
public struct ResolverLimits: Hashable, Sendable {
    /// Lookups under way at once.
    public var concurrentLookups: Int
    /// Questions that wait for their turn; beyond that they fail at once.
    public var waitingQuestions: Int
    /// Those who wait for an answer, all questions together.
    public var askers: Int
    /// Questions for keys under way at once, besides the lookups that they are for.
    public var concurrentFetches: Int
    /// Answers kept.
    public var cachedAnswers: Int
    /// The memory that kept answers may take up, in octets, as far as it can be estimated.
    public var cachedOctets: Int
    /// How long an answer may be given after its time when no server answers (RFC 8767); zero: never. Answers that were
    /// proved are not, since nothing vouches for them any longer (DS-15).
    public var staleLifetime: Duration
    /// What each lookup may do.
    public var lookup: LookupLimits

    /// Makes limits; the defaults suit the one resolver of a busy server.
    public init(
        concurrentLookups: Int = 128, waitingQuestions: Int = 1024, askers: Int = 8192, concurrentFetches: Int = 64,
        cachedAnswers: Int = 65_536, cachedOctets: Int = 64 << 20, staleLifetime: Duration = .zero,
        lookup: LookupLimits = LookupLimits()
    ) {
        self.concurrentLookups = concurrentLookups
        self.waitingQuestions = waitingQuestions
        self.askers = askers
        self.concurrentFetches = concurrentFetches
        self.cachedAnswers = cachedAnswers
        self.cachedOctets = cachedOctets
        self.staleLifetime = staleLifetime
        self.lookup = lookup
    }
}
