/// Signatures on the curves of RFC 6605, which the library takes in the form of X9.62 and not in that of DNS.
enum CurveSignature {
    private static let sequence: UInt8 = 0x30
    private static let integer: UInt8 = 0x02

    /// The two numbers of a signature as a DER sequence of two integers.
    ///
    /// - Parameter octets: Both numbers, of the same length; together at most 96 octets, so that lengths take one octet.
    static func encoded(_ octets: [UInt8]) -> [UInt8] {
        let half = octets.count / 2
        let numbers = number(octets[..<half]) + number(octets[half...])
        return [sequence, UInt8(truncatingIfNeeded: numbers.count)] + numbers
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(octets.drop { $0 == 0 })
        // A first bit that is set would make it negative, and zero has one octet.
        if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
        return [integer, UInt8(truncatingIfNeeded: digits.count)] + digits
    }
}
