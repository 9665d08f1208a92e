/// Reads one JSON text strictly (RFC 8259).
///
/// Written out because the usual decoders take the last of two members with one name and `60.0` for an integer, which a
/// verifier must not (PO-16, PO-17).
struct JSONReader {
    private let octets: [UInt8]
    private var position = 0

    /// Levels of nesting at most; a POSH document needs four.
    static let mostLevels = 16

    /// The value that `octets` write.
    static func read(_ octets: [UInt8]) throws(JSONFault) -> JSONValue {
        guard String(validating: octets, as: UTF8.self) != nil else { throw .notUTF8 }
        var reader = JSONReader(octets: octets)
        let value = try reader.value(level: 0)
        reader.skipSpace()
        guard reader.position == octets.count else { throw .trailing(at: reader.position) }
        return value
    }

    private init(octets: [UInt8]) { self.octets = octets }

    private var next: UInt8? { position < octets.count ? octets[position] : nil }

    private var fault: JSONFault { next == nil ? .truncated : .unexpected(at: position) }

    private mutating func skipSpace() {
        while let octet = next, octet == 0x20 || octet == 0x09 || octet == 0x0A || octet == 0x0D { position += 1 }
    }

    /// Whether `character` came next, and was passed.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let octet = next, UInt32(octet) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func value(level: Int) throws(JSONFault) -> JSONValue {
        skipSpace()
        guard level < Self.mostLevels else { throw .tooDeep(limit: Self.mostLevels) }
        if take("{") { return .object(try members(level: level)) }
        if take("[") { return .array(try elements(level: level)) }
        if take("\"") { return .string(try string()) }
        if takeWord("true") { return .boolean(true) }
        if takeWord("false") { return .boolean(false) }
        if takeWord("null") { return .null }
        return try number()
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let wanted = word.withUTF8Buffer { Array($0) }
        guard octets[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func members(level: Int) throws(JSONFault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard take("\"") else { throw fault }
            let name = try string()
            skipSpace()
            guard take(":") else { throw fault }
            let value = try value(level: level + 1)
            guard members.updateValue(value, forKey: name) == nil else { throw .duplicate(name) }
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw fault }
        }
    }

    private mutating func elements(level: Int) throws(JSONFault) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        while true {
            elements.append(try value(level: level + 1))
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw fault }
        }
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take("-")
        let first = position
        try digits()
        guard octets[first] != UInt8(ascii: "0") || position == first + 1 else { throw .unexpected(at: first) }
        var isInteger = true
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: octets[start..<position], as: UTF8.self)
        guard isInteger else { return .otherNumber }
        // A count too large for us is a large count.
        return .integer(Int64(text) ?? (text.hasPrefix("-") ? .min : .max))
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while let octet = next, 0x30...0x39 ~= octet { position += 1 }
        guard position > start else { throw fault }
    }

    /// The rest of a string whose quotation mark was passed.
    private mutating func string() throws(JSONFault) -> String {
        var text: [UInt8] = []
        while let octet = next {
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                text += Array(String(try escaped()).utf8)
            case 0..<0x20: throw .unexpected(at: position)
            default:
                position += 1
                text.append(octet)
            }
        }
        throw .truncated
    }

    private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
        guard let letter = next else { throw .truncated }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw .unexpected(at: position - 1)
        }
    }

    private mutating func unicode() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Half of a pair means nothing alone (RFC 8259 §8.2).
        guard first < 0xDC00, take("\\"), take("u") else { throw .unexpected(at: start) }
        let second = try unit()
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .unexpected(at: start) }
        return scalar
    }

    private mutating func unit() throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let octet = next else { throw .truncated }
            guard let digit = Character(Unicode.Scalar(octet)).hexDigitValue, octet < 0x80 else {
                throw .unexpected(at: position)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
