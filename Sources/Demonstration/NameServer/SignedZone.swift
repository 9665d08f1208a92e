public import DNSMessages

/// A zone of a ``SignedHierarchy``: what it holds, and how it is signed, rightly or wrongly.
public struct SignedZone: Sendable {
    /// What is wrong with a zone on purpose.
    public enum Flaw: Hashable, Sendable {
        /// Its signatures have ended.
        case expired
        /// Its signatures have not begun.
        case notYetValid
        /// Its signatures over records of these types do not fit the records; of none named, over all but the keys.
        case brokenSignatures(Set<RecordType> = [])
        /// Its records, but for the keys, are signed by a key that it does not publish.
        case unpublishedKey
        /// It has no signatures at all, although its parent says that it is signed.
        case unsigned
        /// Its parent has the digest of another key.
        case wrongDigest
        /// Its parent names only an algorithm that nobody knows, 250.
        case unknownAlgorithm
        /// Its parent does not say that it is signed.
        case notAnnounced
    }

    /// Its name, with or without the final dot.
    public var origin: String
    /// Its records in the form of ``ZoneText``, without keys and signatures.
    public var text: String
    /// The algorithm that it is signed with; nil for an unsigned zone, which the parent proves to be one.
    public var algorithm: SigningAlgorithm?
    /// How it proves that something is absent.
    public var denial: ZoneSigner.Denial
    /// What is wrong with it.
    public var flaw: Flaw?

    /// A signed zone.
    public static func signed(
        _ origin: String, _ text: String = "", algorithm: SigningAlgorithm = .ecdsaP256SHA256,
        denial: ZoneSigner.Denial = .nextSecure, flaw: Flaw? = nil
    ) -> SignedZone {
        SignedZone(origin: origin, text: text, algorithm: algorithm, denial: denial, flaw: flaw)
    }

    /// An unsigned zone.
    public static func unsigned(_ origin: String, _ text: String = "") -> SignedZone {
        SignedZone(origin: origin, text: text, algorithm: nil, denial: .nextSecure, flaw: nil)
    }
}

extension ZoneSigner.Denial {
    /// By NSEC3 records, with so many rounds besides the first.
    public static func hashed(iterations: UInt16 = 0, salt: [UInt8] = [], optOut: Bool = false) -> Self {
        .hashed(NextSecureHashed.Parameters(iterations: iterations, salt: salt), optOut: optOut)
    }
}
