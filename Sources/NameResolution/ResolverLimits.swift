/// How much work a resolver takes on at once (DO-06).
public struct ResolverLimits: Hashable, Sendable {
    /// Lookups under way at once.
    public var concurrentLookups: Int
    /// Questions that wait for their turn; beyond that they fail at once.
    public var waitingQuestions: Int
    /// Those who wait for an answer, all questions together.
    public var askers: Int
    /// Answers kept.
    public var cachedAnswers: Int
    /// What each lookup may do.
    public var lookup: LookupLimits

    /// Makes limits; the defaults suit one loop of a busy server.
    public init(
        concurrentLookups: Int = 128, waitingQuestions: Int = 1024, askers: Int = 8192, cachedAnswers: Int = 8192,
        lookup: LookupLimits = LookupLimits()
    ) {
        self.concurrentLookups = concurrentLookups
        self.waitingQuestions = waitingQuestions
        self.askers = askers
        self.cachedAnswers = cachedAnswers
        self.lookup = lookup
    }
}
