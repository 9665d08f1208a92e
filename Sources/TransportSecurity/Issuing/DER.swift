/// The little of DER (X.690) that certificate extensions need. Written out, so that wrong names can be issued too.
enum DER {
    /// Tag, length and content.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        if content.count < 0x80 {
            length = [UInt8(content.count)]
        } else {
            var rest = content.count
            while rest > 0 {
                length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
                rest >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }

    /// SEQUENCE.
    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        element(0x30, parts.flatMap { $0 })
    }

    /// BOOLEAN TRUE.
    static let isTrue = element(0x01, [0xFF])

    /// INTEGER, for small numbers that are not negative.
    static func integer(_ value: UInt8) -> [UInt8] {
        element(0x02, value < 0x80 ? [value] : [0, value])
    }

    /// OBJECT IDENTIFIER from its dotted text; arcs that are no numbers are left out.
    static func objectIdentifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { UInt($0) }
        guard arcs.count >= 2 else { return element(0x06, []) }
        let first = arcs[0] * 40 + arcs[1]
        return element(0x06, ([first] + arcs.dropFirst(2)).flatMap { base128($0) })
    }

    private static func base128(_ value: UInt) -> [UInt8] {
        var digits = [UInt8(value & 0x7F)]
        var rest = value >> 7
        while rest > 0 {
            digits.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return digits
    }
}
