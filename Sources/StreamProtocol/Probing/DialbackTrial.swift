/// How a ``StreamProbe`` tries dialback on behalf of a domain of ours.
///
/// Whoever has a key for a stream can be taken for our domain on it, so that a server gets one only where the caller knows
/// whom it belongs to (``StreamProbe/objection``), and in clear only where that is wanted.
public struct DialbackTrial: Sendable {
    /// Makes the keys of our domains.
    public var keys: any DialbackKeys
    /// Whether a server that offers no TLS gets a key all the same.
    public var allowsClear: Bool

    /// Describes a trial.
    public init(keys: any DialbackKeys, allowsClear: Bool = false) {
        self.keys = keys
        self.allowsClear = allowsClear
    }
}
