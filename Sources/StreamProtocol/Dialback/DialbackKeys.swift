public import XMPPModel

/// Makes and knows the keys of our own domains (XEP-0185). What a key is made of is its own affair: to everybody else it is
/// opaque.
public protocol DialbackKeys: Sendable {
    /// The key of a pair whose sender is ours.
    ///
    /// - Parameter streamID: The identifier in the response header of the stream on which the key is sent (DK-04).
    func key(for pair: DomainPair, streamID: String) -> String

    /// Whether a key is the one that ``key(for:streamID:)`` makes; in a time that does not tell how much of it is right
    /// (DB-24).
    func isKey(_ key: String, for pair: DomainPair, streamID: String) -> Bool
}
