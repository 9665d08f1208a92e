/// What a peer announces that it takes (XEP-0478 §3.1).
public struct PeerLimits: Hashable, Sendable {
    /// The largest stanza in octets, or nil for no stated limit.
    public var maximumBytes: Int?
    /// After how many seconds of silence the peer may close, or nil.
    public var idleSeconds: Int?

    /// Makes limits.
    public init(maximumBytes: Int? = nil, idleSeconds: Int? = nil) {
        self.maximumBytes = maximumBytes
        self.idleSeconds = idleSeconds
    }
}
