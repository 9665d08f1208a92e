internal import DomainAssociation

/// The public members that a JSON Web Key of a certificate's key has (RFC 7518 §6, RFC 8037 §2), taken from its
/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
enum PublicKeyMembers {
    private static let rsa: [[UInt8]] = [
        [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01],  // rsaEncryption
        [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A],  // RSASSA-PSS
    ]
    private static let ellipticCurve: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    private static let curves: [(name: String, identifier: [UInt8])] = [
        ("P-256", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]), ("P-384", [0x2B, 0x81, 0x04, 0x00, 0x22]),
        ("P-521", [0x2B, 0x81, 0x04, 0x00, 0x23]),
    ]
    private static let edwardsCurves: [(name: String, identifier: [UInt8])] = [
        ("Ed25519", [0x2B, 0x65, 0x70]), ("Ed448", [0x2B, 0x65, 0x71]),
    ]

    /// The members of a key; nil for a kind that JSON Web Keys do not know or TLS does not use.
    static func members(of subjectPublicKeyInfo: [UInt8]) -> PublishedKeyMaterial.PublicKey? {
        var outer = DERElements(subjectPublicKeyInfo[...])
        guard let content = outer.take(0x30) else { return nil }
        var fields = DERElements(content)
        guard let algorithmContent = fields.take(0x30), let bits = fields.take(0x03), bits.first == 0 else {
            return nil
        }
        var algorithm = DERElements(algorithmContent)
        guard let identifier = algorithm.take(0x06).map(Array.init) else { return nil }
        let key = bits.dropFirst()
        if rsa.contains(identifier) {
            var sequence = DERElements(key)
            guard let pair = sequence.take(0x30) else { return nil }
            var numbers = DERElements(pair)
            guard let modulus = numbers.take(0x02), let exponent = numbers.take(0x02) else { return nil }
            return .rsa(modulus: withoutLeadingZeros(modulus), exponent: withoutLeadingZeros(exponent))
        }
        if identifier == ellipticCurve {
            // A compressed point would have to be computed; certificates do not have them (RFC 5480 §2.2).
            guard let named = algorithm.take(0x06).map(Array.init), key.first == 0x04, key.count % 2 == 1,
                let curve = curves.first(where: { $0.identifier == named })
            else { return nil }
            let coordinates = key.dropFirst()
            let half = coordinates.count / 2
            return .ellipticCurve(
                curve: curve.name, x: Array(coordinates.prefix(half)), y: Array(coordinates.suffix(half)))
        }
        return edwardsCurves.first { $0.identifier == identifier }.map {
            .octetKeyPair(curve: $0.name, x: Array(key))
        }
    }

    /// Whether both are the same key; numbers may be written with zeros in front, as in the draft's own example.
    static func areEqual(_ first: PublishedKeyMaterial.PublicKey, _ second: PublishedKeyMaterial.PublicKey) -> Bool {
        switch (first, second) {
        case (.rsa(let modulus, let exponent), .rsa(let otherModulus, let otherExponent)):
            areEqualNumbers(modulus, otherModulus) && areEqualNumbers(exponent, otherExponent)
        case (.ellipticCurve(let curve, let x, let y), .ellipticCurve(let otherCurve, let otherX, let otherY)):
            curve == otherCurve && areEqualNumbers(x, otherX) && areEqualNumbers(y, otherY)
        case (.octetKeyPair, .octetKeyPair): first == second
        default: false
        }
    }

    private static func areEqualNumbers(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        withoutLeadingZeros(first[...]) == withoutLeadingZeros(second[...])
    }

    private static func withoutLeadingZeros(_ number: ArraySlice<UInt8>) -> [UInt8] {
        Array(number.drop { $0 == 0 })
    }
}
