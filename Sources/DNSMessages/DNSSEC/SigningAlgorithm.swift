/// The algorithm of a key and its signatures (RFC 8624 §3.1).
public struct SigningAlgorithm: RawRepresentable, Hashable, Sendable {
    /// The number in the IANA registry.
    public let rawValue: UInt8

    /// An algorithm by its number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// RSA with SHA-1; accepted as the specification demands, since SHA-1 is broken for collisions only.
    public static let rsaSHA1 = SigningAlgorithm(rawValue: 5)
    /// The same for zones with NSEC3 (RFC 5155 §2).
    public static let rsaSHA1NSEC3 = SigningAlgorithm(rawValue: 7)
    /// RSA with SHA-256 (RFC 5702).
    public static let rsaSHA256 = SigningAlgorithm(rawValue: 8)
    /// RSA with SHA-512 (RFC 5702).
    public static let rsaSHA512 = SigningAlgorithm(rawValue: 10)
    /// ECDSA on the curve P-256 (RFC 6605).
    public static let ecdsaP256SHA256 = SigningAlgorithm(rawValue: 13)
    /// ECDSA on the curve P-384 (RFC 6605).
    public static let ecdsaP384SHA384 = SigningAlgorithm(rawValue: 14)
    /// Ed25519 (RFC 8080).
    public static let ed25519 = SigningAlgorithm(rawValue: 15)
    /// Ed448 (RFC 8080).
    public static let ed448 = SigningAlgorithm(rawValue: 16)

    /// The algorithms that signatures are checked with; a zone signed with none of them counts as unsigned (DS-12).
    public static let supported: Set<SigningAlgorithm> = [
        .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512, .ecdsaP256SHA256, .ecdsaP384SHA384, .ed25519, .ed448,
    ]

    private static let names: [SigningAlgorithm: String] = [
        SigningAlgorithm(rawValue: 1): "RSAMD5", SigningAlgorithm(rawValue: 3): "DSA", .rsaSHA1: "RSASHA1",
        .rsaSHA1NSEC3: "RSASHA1-NSEC3-SHA1", .rsaSHA256: "RSASHA256", .rsaSHA512: "RSASHA512",
        .ecdsaP256SHA256: "ECDSAP256SHA256", .ecdsaP384SHA384: "ECDSAP384SHA384", .ed25519: "ED25519",
        .ed448: "ED448",
    ]
}

extension SigningAlgorithm: CustomStringConvertible {
    /// The mnemonic of the registry, or the number.
    public var description: String { Self.names[self] ?? "algorithm \(rawValue)" }
}
