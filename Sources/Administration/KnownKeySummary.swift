public import XMPPModel

/// One element of `keys`: a public key that a remote domain was proved with.
public struct KnownKeySummary: Hashable, Sendable, Codable {
    /// The remote domain.
    public var domain: DomainName
    /// SHA-256 of the SubjectPublicKeyInfo in lower-case hexadecimal.
    public var sha256: String
    /// The same in base64, as `pin_sha256` takes it.
    public var pin: String
    /// What proved the domain when it last presented the key.
    public var prooftype: String
    /// `first`, `explained` (it came later, and TLSA, POSH or a pin named it) or `unexplained` (it was accepted with an alarm).
    public var origin: String
    /// When it first came.
    public var firstSeen: Timestamp
    /// When it last came, to the hour.
    public var lastSeen: Timestamp

    private enum CodingKeys: String, CodingKey {
        case domain, sha256
        case pin = "pin_sha256"
        case prooftype, origin
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
    }

    /// Makes a summary.
    public init(
        domain: DomainName, sha256: String, pin: String, prooftype: String, origin: String, firstSeen: Timestamp,
        lastSeen: Timestamp
    ) {
        self.domain = domain
        self.sha256 = sha256
        self.pin = pin
        self.prooftype = prooftype
        self.origin = origin
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}
