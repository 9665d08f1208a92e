/// Base 32 with the extended hexadecimal alphabet, unpadded: the form of hashes in names (RFC 4648 §7, RFC 5155 §3.3).
enum Base32Hex {
    private static let digits = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// The digits of octets, in lower case.
    static func encode(_ octets: some Sequence<UInt8>) -> [UInt8] {
        var (text, buffer, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for octet in octets {
            buffer = buffer << 8 | UInt32(octet)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[Int(buffer >> UInt32(bits) & 0x1F)])
            }
            buffer &= 0xFF
        }
        if bits > 0 { text.append(digits[Int(buffer << UInt32(5 - bits) & 0x1F)]) }
        return text
    }

    /// The octets of digits in any letter case.
    ///
    /// - Returns: nil for another character, a length that no octets have, or bits set behind the last octet.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var (octets, buffer, bits, count): ([UInt8], UInt32, Int, Int) = ([], 0, 0, 0)
        for character in text {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "v"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "V"): digit = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            buffer = buffer << 5 | UInt32(digit)
            bits += 5
            count += 1
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
            buffer &= 0xFF
        }
        let isWhole = [0, 2, 4, 5, 7].contains(count % 8) && buffer & (1 << UInt32(bits) - 1) == 0
        return isWhole ? octets : nil
    }
}
