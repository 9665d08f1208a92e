internal import XMPPModel

/// The outline of a stanza, read from its bytes without making a tree: where its addresses stand, and the names of its
/// children.
///
/// The bytes come from our own parser, so they are well-formed; where they should not be, the outline is nil.
struct StanzaOutline {
    /// The values of `from` and `to`, each with its quotes.
    private(set) var from: Range<Int>?
    private(set) var to: Range<Int>?
    /// Where the closing tag begins, or nil when the element has no content.
    private(set) var closing: Int?
    /// Whether there is a body in the content namespace.
    private(set) var hasBody = false
    /// Whether there is a child of this local name, whatever its namespace.
    private(set) var hasDelay = false
    private(set) var hasEcho = false

    init?(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        guard let tag = Tag(bytes, from: &index), !tag.isEnd else { return nil }
        from = tag.from
        to = tag.to
        guard !tag.isEmpty else { return }
        var depth = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "!") {
                index = Self.endOfCharacterData(bytes, from: index)
                continue
            }
            let start = index
            guard let tag = Tag(bytes, from: &index) else { return nil }
            if tag.isEnd {
                guard depth > 0 else {
                    closing = start
                    return
                }
                depth -= 1
                continue
            }
            if depth == 0 { note(tag, in: bytes) }
            if !tag.isEmpty { depth += 1 }
        }
        return nil
    }

    private mutating func note(_ tag: Tag, in bytes: UnsafeRawBufferPointer) {
        func isNamed(_ name: StaticString) -> Bool {
            UnsafeRawBufferPointer(rebasing: bytes[tag.name]).elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        if isNamed("body"), !tag.declaresNamespace { hasBody = true }
        if isNamed("delay") { hasDelay = true }
        if isNamed("echo") { hasEcho = true }
    }

    private static func endOfCharacterData(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start + 2
        while index + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: "]"), bytes[index + 1] == UInt8(ascii: "]"),
                bytes[index + 2] == UInt8(ascii: ">")
            {
                return index + 3
            }
            index += 1
        }
        return bytes.count
    }

    /// One tag.
    private struct Tag {
        var name: Range<Int>
        var isEnd = false
        var isEmpty = false
        var declaresNamespace = false
        var from: Range<Int>?
        var to: Range<Int>?

        /// Reads the tag that begins at `index` and leaves `index` behind it.
        init?(_ bytes: UnsafeRawBufferPointer, from index: inout Int) {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "<") else { return nil }
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
                isEnd = true
                index += 1
            }
            let start = index
            while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
            name = start..<index
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: ">"):
                    isEmpty = bytes[index - 1] == UInt8(ascii: "/")
                    index += 1
                    return
                case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "/"): index += 1
                default: guard readAttribute(bytes, &index) else { return nil }
                }
            }
            return nil
        }

        private mutating func readAttribute(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
            let start = index
            while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
            let name = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
            while index < bytes.count, bytes[index] != UInt8(ascii: "'"), bytes[index] != UInt8(ascii: "\"") {
                index += 1
            }
            guard index < bytes.count else { return false }
            let opening = index
            index += 1
            while index < bytes.count, bytes[index] != bytes[opening] { index += 1 }
            guard index < bytes.count else { return false }
            index += 1
            if name.elementsEqual("from".utf8) { from = opening..<index }
            if name.elementsEqual("to".utf8) { to = opening..<index }
            if name.elementsEqual("xmlns".utf8) { declaresNamespace = true }
            return true
        }

        private static func endsName(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "="): true
            default: false
            }
        }
    }
}
