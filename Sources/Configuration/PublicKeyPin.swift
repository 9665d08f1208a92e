/// A pin: the SHA-256 digest of a certificate's SubjectPublicKeyInfo (RFC 7858 §4.2, RFC 7469 §2.4).
public struct PublicKeyPin: Sendable, Hashable {
    /// The digest, 32 octets.
    public let digest: [UInt8]

    /// Reads the base64 form; `nil` unless it holds exactly 32 octets.
    public init?(base64 text: String) {
        var octets: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        let digits = Array(text.utf8)
        guard digits.count == 44, digits.last == UInt8(ascii: "=") else { return nil }
        for digit in digits.dropLast() {
            guard let value = Self.value(of: digit) else { return nil }
            buffer = (buffer << 6) | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard octets.count == 32, buffer & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
        digest = octets
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
