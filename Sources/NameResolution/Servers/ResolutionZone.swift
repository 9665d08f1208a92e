public import DNSMessages

/// A part of the tree with servers of its own (split DNS); the one at the root is for everything else.
public struct ResolutionZone: Hashable, Sendable {
    /// Who validates what these servers say.
    public enum Validation: Hashable, Sendable {
        /// This process, from the trust anchors.
        case local
        /// The server, where its word can be trusted (DS-14).
        case server
        /// Nobody: every answer is insecure.
        case off
    }

    /// Names at or under it belong to the zone, unless a longer zone matches (EN-05).
    public var name: DNSName
    /// The only servers for these names, as indices into ``ResolutionPlan/servers``; they are asked for no others, unless
    /// another zone names them as well (EN-04).
    public var servers: [Int]
    /// Who validates.
    public var validation: Validation
    /// Until when it counts, for a zone that was learnt (EN-07); nil: for good.
    public var expiry: Duration?

    /// Makes a zone.
    public init(name: DNSName, servers: [Int], validation: Validation = .local, expiry: Duration? = nil) {
        self.name = name
        self.servers = servers
        self.validation = validation
        self.expiry = expiry
    }
}
