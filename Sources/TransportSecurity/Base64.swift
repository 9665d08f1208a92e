/// Base64 as SASL and POSH use it: exact, or refused (RFC 4648 §3.5, §4, §5; RFC 6120 §6.3.5).
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in standard.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text for `bytes`, padded.
    public static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: standard, padded: true)
    }

    /// The text for `bytes` in the URL-safe alphabet without padding, as JSON Web Keys have it (RFC 7515 §2).
    public static func encodeURLSafe(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet: urlSafe, padded: false)
    }

    /// The bytes that `text` writes.
    ///
    /// - Returns: `nil` for a foreign character (line ends and spaces included), for padding that is missing,
    ///   misplaced or too long, and for pad bits that are not zero. Empty text is no bytes.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let digits = Array(text)
        guard digits.count % 4 == 0 else { return nil }
        var significant = digits.count
        while significant > 0, digits.count - significant < 2, digits[significant - 1] == UInt8(ascii: "=") {
            significant -= 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(significant * 3 / 4)
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        for digit in digits[..<significant] {
            let value = values[Int(digit)]
            guard value != 0xFF else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: accumulator >> bits))
                accumulator &= (1 << bits) - 1
            }
        }
        guard accumulator == 0 else { return nil }
        return bytes
    }

    /// The bytes that `text` writes, under the same rules.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(Array(text.utf8))
    }

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for index in 0...group.count { digits.append(alphabet[Int(value >> (18 - 6 * UInt32(index)) & 63)]) }
            if padded { digits.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - group.count)) }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
