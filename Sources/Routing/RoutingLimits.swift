/// How much may wait in one router; the section `[limits]` of the configuration. Zero means no limit (RT-13).
public struct RoutingLimits: Hashable, Sendable {
    /// Stanzas that wait for a stream to one remote domain, over all local domains; more are returned at once.
    public var queuedStanzasPerDomain: Int
    /// Octets that wait for a stream to one remote domain.
    public var queuedBytesPerDomain: Int
    /// Octets that wait in this router: its share of `queued_bytes`.
    public var queuedBytes: Int

    /// Remote domains that are remembered at once, with what waits for them and their failures; stanzas for further ones
    /// are returned. Not a setting: a bound on what strangers' addresses can make a router hold.
    public var remoteDomains: Int

    /// Makes limits; the defaults are those of the configuration, for a single router.
    public init(
        queuedStanzasPerDomain: Int = 1000, queuedBytesPerDomain: Int = 4_194_304, queuedBytes: Int = 268_435_456,
        remoteDomains: Int = 65_536
    ) {
        self.queuedStanzasPerDomain = queuedStanzasPerDomain
        self.queuedBytesPerDomain = queuedBytesPerDomain
        self.queuedBytes = queuedBytes
        self.remoteDomains = remoteDomains
    }
}
