/// Takes declarations of the content namespace out of a stanza where it can be inherited, so that the bytes fit any
/// stream (RT-11). Everything else keeps its bytes.
///
/// Inside an element with another default namespace a declaration of the content namespace is that element's own
/// business and stays as it is.
struct StanzaRewriting {
    private let contentNamespace: [UInt8]
    private let declarations: Int

    /// - Parameter declarations: How many there are to find; the work ends with the last of them.
    init(contentNamespace: [UInt8], declarations: Int) {
        self.contentNamespace = contentNamespace
        self.declarations = declarations
    }

    /// - Parameter raw: One whole element that was found to be well-formed.
    func apply(to raw: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(raw.count)
        var copied = 0
        var remaining = declarations
        // For each open element: whether the content namespace is inherited inside it.
        var scopes: [Bool] = []
        var index = 0
        while remaining > 0, index < raw.count {
            guard raw[index] == UInt8(ascii: "<"), index + 1 < raw.count else {
                index += 1
                continue
            }
            switch raw[index + 1] {
            case UInt8(ascii: "!"): index = Self.endOfCharacterData(raw, from: index)
            case UInt8(ascii: "/"):
                _ = scopes.popLast()
                index += 2
            default:
                let tag = TagReading(raw, from: index)
                var scope = scopes.last ?? true
                if let declaration = tag.defaultNamespace {
                    let isContent = Self.decoded(raw[declaration.value]) == contentNamespace
                    if isContent, scope {
                        output.append(contentsOf: raw[copied..<declaration.attribute.lowerBound])
                        copied = declaration.attribute.upperBound
                        remaining -= 1
                    } else {
                        scope = false
                    }
                }
                if !tag.isEmpty { scopes.append(scope) }
                index = tag.end
            }
        }
        output.append(contentsOf: raw[copied...])
        return output
    }

    private static func endOfCharacterData(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start + 11
        while index < raw.count,
            raw[index] != UInt8(ascii: ">") || raw[index - 1] != UInt8(ascii: "]")
                || raw[index - 2] != UInt8(ascii: "]")
        {
            index += 1
        }
        return index + 1
    }

    /// A namespace may be written with references; they count as what they stand for.
    private static func decoded(_ value: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        guard value.contains(UInt8(ascii: "&")) else { return Array(value) }
        var output: [UInt8] = []
        var rest = value
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&"), let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
                output.append(byte)
                continue
            }
            output += Self.character(String(decoding: rest[..<end], as: UTF8.self)).utf8
            rest = rest[(end + 1)...]
        }
        return output
    }

    private static func character(_ reference: String) -> String {
        switch reference {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "apos": return "'"
        case "quot": return "\""
        default:
            let number =
                reference.hasPrefix("#x") ? UInt32(reference.dropFirst(2), radix: 16) : UInt32(reference.dropFirst())
            return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? ""
        }
    }
}

/// Where the default namespace is declared in one start tag.
private struct TagReading {
    /// Behind the tag's `>`.
    var end: Int
    /// Whether the tag ends its element, too.
    var isEmpty = false
    /// The declaration: all of it with the white space in front, and its value.
    var defaultNamespace: (attribute: Range<Int>, value: Range<Int>)?

    init(_ raw: UnsafeRawBufferPointer, from start: Int) {
        var index = start + 1
        var gap = index
        end = raw.count
        while index < raw.count {
            switch raw[index] {
            case UInt8(ascii: ">"):
                isEmpty = raw[index - 1] == UInt8(ascii: "/")
                end = index + 1
                return
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                let quote = raw[index]
                let value = index + 1
                index = value
                while index < raw.count, raw[index] != quote { index += 1 }
                if Self.isDefaultDeclaration(raw[gap..<value - 1]) {
                    defaultNamespace = (gap..<min(index + 1, raw.count), value..<index)
                }
                index += 1
                gap = index
            case let byte:
                // The name of the element is no part of its first attribute.
                if byte.isXMLSpace, gap == start + 1 { gap = index }
                index += 1
            }
        }
    }

    /// Whether what stands in front of a value is `xmlns` and an equals sign.
    private static func isDefaultDeclaration(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        bytes.lazy.filter { !$0.isXMLSpace }.elementsEqual("xmlns=".utf8)
    }
}
