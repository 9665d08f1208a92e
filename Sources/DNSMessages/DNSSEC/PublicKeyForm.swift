/// What a public key has to look like so that the library is given it at all.
struct PublicKeyForm {
    /// The length of the signatures that such a key makes.
    let signatureOctets: Int
    /// Whether it is a point of a curve of RFC 6605.
    let isCurve: Bool

    /// Shorter ones are factored by now.
    private static let shortestModulus = 128
    /// What RFC 3110 and RFC 5702 allow; longer ones only cost time.
    private static let longestModulus = 512
    /// 40 bits; longer ones make a check as expensive as their author likes.
    private static let longestExponent = 5

    /// Looks at the key of a zone.
    ///
    /// - Returns: nil for an algorithm that is not supported and for a key without the algorithm's form.
    init?(_ key: ZoneKey) {
        isCurve = key.algorithm == .ecdsaP256SHA256 || key.algorithm == .ecdsaP384SHA384
        switch key.algorithm {
        case .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512:
            guard let octets = Self.modulusOctets(ofRSA: key.publicKey) else { return nil }
            signatureOctets = octets
        case .ecdsaP256SHA256:
            guard key.publicKey.count == 64 else { return nil }
            signatureOctets = 64
        case .ecdsaP384SHA384:
            guard key.publicKey.count == 96 else { return nil }
            signatureOctets = 96
        case .ed25519:
            guard key.publicKey.count == 32 else { return nil }
            signatureOctets = 64
        case .ed448:
            guard key.publicKey.count == 57 else { return nil }
            signatureOctets = 114
        default:
            return nil
        }
    }

    /// The length of the modulus of an RSA key with sensible numbers (RFC 3110 §2).
    private static func modulusOctets(ofRSA key: [UInt8]) -> Int? {
        guard let first = key.first, first > 0 else {
            // Zero announces a length of two octets, that is an exponent of 256 octets or more.
            return nil
        }
        let modulusStart = 1 + Int(first)
        guard first <= longestExponent, modulusStart < key.count else { return nil }
        let exponent = key[1..<modulusStart].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // An exponent of one makes each message its own signature, and an even one has no inverse.
        guard exponent >= 3, !exponent.isMultiple(of: 2) else { return nil }
        let modulus = key[modulusStart...]
        guard modulus.first != 0, modulus.last?.isMultiple(of: 2) == false else { return nil }
        guard shortestModulus...longestModulus ~= modulus.count,
            modulus.count > shortestModulus || key[modulusStart] & 0x80 != 0
        else { return nil }
        return modulus.count
    }
}

extension ZoneKey {
    /// Whether signatures by this key can be checked: its algorithm is supported, and the key has the algorithm's form,
    /// RSA with 1024 to 4096 bits and a public exponent of at most 40 bits (RFC 5702 §2).
    public var isSupported: Bool { PublicKeyForm(self) != nil }
}
