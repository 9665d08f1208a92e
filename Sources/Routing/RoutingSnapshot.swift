public import XMPPModel

/// What waits in a router at one moment, for `status`.
public struct RoutingSnapshot: Hashable, Sendable {
    /// What waits for one remote domain.
    public struct Remote: Hashable, Sendable {
        /// The remote domain.
        public var domain: DomainName
        /// Stanzas that wait for a stream or for room on one.
        public var queuedStanzas: Int
        /// Their octets.
        public var queuedBytes: Int
        /// Pairs that have a stream.
        public var connectedPairs: Int
        /// Attempts that failed in a row; zero after a success.
        public var failures: Int
        /// Seconds until the next attempt may be made; nil when none has to wait.
        public var retryAfter: Double?
        /// Why the last attempt failed; nil after a success.
        public var lastFailure: String?
    }

    /// Stanzas that wait in this router.
    public var queuedStanzas: Int
    /// Their octets.
    public var queuedBytes: Int
    /// The remote domains for which something waits or an attempt has failed, in no order.
    public var remotes: [Remote]
}
