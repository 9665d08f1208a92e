/// How long and how often a lookup tries.
public struct LookupLimits: Hashable, Sendable {
    /// How long one name server has for one try.
    public var tryTimeout: Duration
    /// How often the whole list of servers is gone through.
    public var rounds: Int
    /// How long the lookup may take in all.
    public var overall: Duration
    /// Aliases followed at most (DN-13).
    public var aliases: Int
    /// Queries sent at most, aliases and repetitions included (DO-06).
    public var queries: Int

    /// Makes limits; the defaults leave room for a lost datagram or two within the configured five seconds.
    public init(
        tryTimeout: Duration = .milliseconds(1500), rounds: Int = 3, overall: Duration = .seconds(5),
        aliases: Int = 8, queries: Int = 16
    ) {
        self.tryTimeout = tryTimeout
        self.rounds = rounds
        self.overall = overall
        self.aliases = aliases
        self.queries = queries
    }
}
