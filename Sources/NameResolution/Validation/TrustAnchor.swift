public import DNSMessages

/// Keys of a zone that are trusted without a proof (RFC 4033 §2).
public struct TrustAnchor: Hashable, Sendable {
    /// The zone.
    public let zone: DNSName
    /// Digests of trusted keys.
    public let signers: [DelegationSigner]
    /// Trusted keys themselves.
    public let keys: [ZoneKey]

    /// Makes an anchor.
    public init(zone: DNSName, signers: [DelegationSigner] = [], keys: [ZoneKey] = []) {
        self.zone = zone
        self.signers = signers
        self.keys = keys
    }
}
