/// Octets in the forms that master files give them.
enum OctetText {
    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    /// Two digits for each octet.
    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        String(
            decoding: octets.flatMap { [hexadecimalDigits[Int($0 >> 4)], hexadecimalDigits[Int($0 & 0x0F)]] },
            as: UTF8.self)
    }

    /// Base 64 with padding (RFC 4648 §4).
    static func base64(_ octets: some Collection<UInt8>) -> String {
        var (text, buffer, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for octet in octets {
            buffer = buffer << 8 | UInt32(octet)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(base64Digits[Int(buffer >> UInt32(bits) & 0x3F)])
            }
            buffer &= 0xFF
        }
        if bits > 0 { text.append(base64Digits[Int(buffer << UInt32(6 - bits) & 0x3F)]) }
        while !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// A text in quotation marks, with everything that is not printable as `\DDD` (RFC 1035 §5.1).
    static func quoted(_ octets: some Sequence<UInt8>) -> String { "\"" + escaped(octets, blanks: true) + "\"" }

    /// A text with everything escaped that a master file would take otherwise.
    static func escaped(_ octets: some Sequence<UInt8>, blanks: Bool) -> String {
        var text = ""
        for octet in octets {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += "\\" + String(Unicode.Scalar(octet))
            case 0x20 where blanks, 0x21...0x7E:
                text.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet)
                text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return text
    }
}
