/// Text of unknown origin, written so that it cannot leave its place in a line.
enum EscapedText {
    /// What surrounds the text.
    enum Place {
        /// The message of a text record: free text, quoted when a fact could be read into it.
        case message
        /// The name of a fact.
        case name
        /// The value of a fact: quoted unless it is one plain word.
        case value
        /// A line by itself, never quoted.
        case line
        /// A JSON string, quoted.
        case json
    }

    static func append(_ text: String, to line: inout [UInt8], as place: Place) {
        let isQuoted =
            switch place {
            case .message: !isPlain(text, from: 0x20)
            case .name, .line: false
            case .value: !isPlain(text, from: 0x21)
            case .json: true
            }
        if isQuoted { line.append(quote) }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22 where isQuoted, 0x5C where isQuoted: line += [backslash, UInt8(scalar.value)]
            case 0x0A: line += [backslash, UInt8(ascii: "n")]
            case 0x0D: line += [backslash, UInt8(ascii: "r")]
            case 0x09: line += [backslash, UInt8(ascii: "t")]
            case 0x20 where place == .name, 0x3D where place == .name, 0x22 where place == .name:
                line.append(UInt8(ascii: "_"))
            case _ where isDangerous(scalar): appendCode(scalar.value, to: &line)
            default: line += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        if isQuoted { line.append(quote) }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Whether nothing in `text` has a meaning of its own in a record; `first` is 0x21 where a space has one.
    private static func isPlain(_ text: String, from first: UInt32) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "\"", "\\", "=": false
                default: scalar.value >= first && !isDangerous(scalar)
                }
            }
    }

    /// Controls of both sets, line separators, and the marks that reorder what a terminal shows.
    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// As JSON writes it: `\u` and four digits, two such beyond U+FFFF.
    private static func appendCode(_ value: UInt32, to line: inout [UInt8]) {
        for unit in Unicode.Scalar(value).map({ Array(String($0).utf16) }) ?? [] {
            line += [backslash, UInt8(ascii: "u")]
            for shift in [12, 8, 4, 0] {
                let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0x0F
                line.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
