/// How long and how often a lookup tries.
public struct LookupLimits: Hashable, Sendable {
    /// How long one name server has for a datagram and its answer; both may be lost, and asking again costs little.
    public var tryTimeout: Duration
    /// How long one name server has for a query on a connection, which repeats by itself what is lost.
    public var connectionTimeout: Duration
    /// How often the whole list of servers is gone through.
    public var rounds: Int
    /// How long the lookup may take in all.
    public var overall: Duration
    /// Aliases followed at most (DN-13).
    public var aliases: Int
    /// Queries sent at most, aliases and repetitions included (DO-06).
    public var queries: Int

    /// Makes limits; the defaults leave room for a lost datagram or two within five seconds.
    ///
    /// - Parameter connectionTimeout: nil: as long as for a datagram.
    public init(
        tryTimeout: Duration = .milliseconds(1500), connectionTimeout: Duration? = nil, rounds: Int = 3,
        overall: Duration = .seconds(5), aliases: Int = 8, queries: Int = 16
    ) {
        self.tryTimeout = tryTimeout
        self.connectionTimeout = connectionTimeout ?? tryTimeout
        self.rounds = rounds
        self.overall = overall
        self.aliases = aliases
        self.queries = queries
    }
}
