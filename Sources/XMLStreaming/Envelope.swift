/// The decoded attributes of a stanza, copied out of the parser while it has them: one buffer, used again for each.
struct Envelope {
    enum Attribute: Int {
        case from, to, id, type, language
    }

    private var bytes: [UInt8] = []
    private var ranges: InlineArray<5, Range<Int>> = .init(repeating: Self.absent)
    private static let absent = -1 ..< -1

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ranges = .init(repeating: Self.absent)
    }

    mutating func set(_ attribute: Attribute, _ value: UnsafeRawBufferPointer) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        ranges[attribute.rawValue] = start..<bytes.count
    }

    /// Whether the attribute was there, be it empty.
    func has(_ attribute: Attribute) -> Bool { ranges[attribute.rawValue].lowerBound >= 0 }

    /// Lends all values at once.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { bytes.withUnsafeBytes(body) }

    /// The value in the bytes that ``withBytes(_:)`` lent, or nil when the attribute was absent.
    func value(_ attribute: Attribute, in lent: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        has(attribute) ? UnsafeRawBufferPointer(rebasing: lent[ranges[attribute.rawValue]]) : nil
    }
}
