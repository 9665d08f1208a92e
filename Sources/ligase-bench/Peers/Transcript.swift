/// What a peer has said and nobody has dealt with yet: enough to recognise the steps of a negotiation.
struct Transcript {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: UnsafeRawBufferPointer) { bytes += more }

    /// Everything that is left, taken away.
    mutating func takeAll() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Takes everything up to and with the end of `text`; nil when it is not there yet.
    mutating func take(through text: StaticString) -> String? {
        guard let range = Self.range(of: text, in: bytes[...]) else { return nil }
        return take(upTo: range.upperBound)
    }

    /// Takes everything up to and with the tag that begins with `text`, such as `<stream:stream`.
    mutating func take(throughTag text: StaticString) -> String? {
        guard let start = Self.range(of: text, in: bytes[...]),
            let end = bytes[start.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        return take(upTo: end + 1)
    }

    func contains(_ text: StaticString) -> Bool { Self.range(of: text, in: bytes[...]) != nil }

    private mutating func take(upTo end: Int) -> String {
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        bytes.removeFirst(end)
        return text
    }

    private static func range(of text: StaticString, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let first = wanted.first else { return nil }
        var position = bytes.startIndex
        while let candidate = bytes[position...].firstIndex(of: first) {
            let end = candidate + wanted.count
            guard end <= bytes.endIndex else { return nil }
            if bytes[candidate..<end].elementsEqual(wanted) { return candidate..<end }
            position = candidate + 1
        }
        return nil
    }

    /// The value of an attribute of a tag, in either kind of quotes.
    static func attribute(_ name: String, of tag: String) -> String? {
        for quote in ["'", "\""] {
            guard let start = tag.firstRange(of: " \(name)=\(quote)") else { continue }
            let rest = tag[start.upperBound...]
            return rest.firstIndex(of: Character(quote)).map { String(rest[..<$0]) }
        }
        return nil
    }
}
