/// A public key that a remote domain was proved with before.
public struct KnownKey: Hashable, Sendable {
    /// Why it is believed to be the domain's.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// It was there when the domain was proved for the first time.
        case first
        /// It came later, and what the domain publishes or the operator has pinned named it.
        case explained
        /// It came later, and nothing explained it: it was accepted with an alarm (`key_change = "log"`).
        case unexplained
    }

    /// The SHA-256 digest of the SubjectPublicKeyInfo: 32 octets.
    public let publicKeySHA256: [UInt8]
    /// What proved the domain when it last presented the key.
    public var prooftype: ProoftypeName
    /// Why it is believed to be the domain's.
    public var origin: Origin
    /// When it first came, in seconds since 1970.
    public let firstSeen: Int64
    /// When it last came, in seconds since 1970; up to ``KeyMemory/resolution`` too early.
    public var lastSeen: Int64

    /// Makes a key.
    public init(
        publicKeySHA256: [UInt8], prooftype: ProoftypeName, origin: Origin, firstSeen: Int64, lastSeen: Int64
    ) {
        self.publicKeySHA256 = publicKeySHA256
        self.prooftype = prooftype
        self.origin = origin
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }

    /// ``publicKeySHA256`` in lower-case hexadecimal.
    public var fingerprint: String { Self.fingerprint(of: publicKeySHA256) }

    /// A digest in lower-case hexadecimal.
    public static func fingerprint(of digest: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
