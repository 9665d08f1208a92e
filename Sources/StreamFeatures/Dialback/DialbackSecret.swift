public import StreamProtocol
internal import TransportSecurity
public import XMPPModel

/// The secret of our dialback keys (XEP-0185): whoever knows it, and nobody else, makes and knows the keys of our domains, with
/// no word to another server of ours (DK-03).
public struct DialbackSecret: DialbackKeys {
    /// SHA-256 of the secret, in hexadecimal: the text itself is the key of the keyed hash, and not what it writes (DK-02).
    private let hashed: [UInt8]

    /// Takes a secret from the configuration; the same on every server of a group.
    public init(_ secret: String) {
        hashed = Hexadecimal.encodedBytes(Digest.sha256(Array(secret.utf8)))
    }

    /// Makes a secret that nobody knows: 64 hexadecimal digits, or nil when the generator cannot be trusted now.
    public static func random() -> String? { SecureRandom.bytes(32).map { Hexadecimal.encode($0) } }

    /// See ``DialbackKeys/key(for:streamID:)``.
    public func key(for pair: DomainPair, streamID: String) -> String {
        Hexadecimal.encode(octets(pair, streamID))
    }

    /// See ``DialbackKeys/isKey(_:for:streamID:)``.
    public func isKey(_ key: String, for pair: DomainPair, streamID: String) -> Bool {
        let own = Hexadecimal.encodedBytes(octets(pair, streamID))
        // No digest, no key: an empty one must not be equal to anything.
        return !own.isEmpty && Digest.areEqualInConstantTime(Array(key.utf8), own)
    }

    /// Over the canonical form of the domains, so that a peer's normalising does no harm.
    private func octets(_ pair: DomainPair, _ streamID: String) -> [UInt8] {
        Digest.hmacSHA256(key: hashed, Array("\(pair.target) \(pair.sender) \(streamID)".utf8))
    }
}
