/// One character in UTF-8 (RFC 3629), for the places where a fault has to be told from another.
enum UTF8Sequence: Hashable {
    case whole(count: Int)
    /// What is there could become a character.
    case incomplete
    case invalid

    /// Judges the character that begins at `bytes`, of which `count` bytes are there; `count` is at least 1.
    init(_ bytes: UnsafePointer<UInt8>, count: Int) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[0] {
        case 0x00...0x7F: length = 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default:
            self = .invalid
            return
        }
        for index in 1..<max(length, 1) {
            guard index < count else {
                self = .incomplete
                return
            }
            guard (index == 1 ? second : 0x80...0xBF).contains(bytes[index]) else {
                self = .invalid
                return
            }
        }
        self = .whole(count: length)
    }

    /// The last place not behind `end` where text can be cut, so that neither a character nor a `]]>` is divided.
    static func cut(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        var end = end
        var lead = end - 1
        while lead >= start, end - lead < 4, bytes[lead] & 0xC0 == 0x80 { lead -= 1 }
        if lead >= start, bytes[lead] >= 0xC0, Self(bytes + lead, count: end - lead) == .incomplete { end = lead }
        var brackets = 0
        while brackets < 2, end > start, bytes[end - 1] == UInt8(ascii: "]") {
            end -= 1
            brackets += 1
        }
        return end
    }
}
