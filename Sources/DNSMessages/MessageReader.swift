/// Reads a message from front to back, within its bounds.
///
/// It goes before ldns, which follows up to 65,535 pointers for each name: here every pointer has to lead backwards,
/// and the octets of a name bound the steps.
struct MessageReader {
    let octets: [UInt8]
    private(set) var position = 0

    init(_ octets: [UInt8]) {
        self.octets = octets
    }

    var remaining: Int { octets.count - position }

    mutating func number<Number: FixedWidthInteger>(
        _: Number.Type, in part: DNSMessagePart
    ) throws(DNSMessageFailure) -> Number {
        let size = Number.bitWidth / 8
        guard remaining >= size else { throw .cutShort(part) }
        defer { position += size }
        let value = octets[position..<(position + size)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Number(truncatingIfNeeded: value)
    }

    mutating func skip(_ count: Int, in part: DNSMessagePart) throws(DNSMessageFailure) {
        guard remaining >= count else { throw .cutShort(part) }
        position += count
    }

    /// The next name, uncompressed, with the letter case that its sender gave it.
    mutating func name(in part: DNSMessagePart) throws(DNSMessageFailure) -> [UInt8] {
        let (name, end) = try self.name(at: position, in: part)
        position = end
        return name
    }

    /// The name at a place, uncompressed, and where what follows it begins.
    func name(at start: Int, in part: DNSMessagePart) throws(DNSMessageFailure) -> (wire: [UInt8], end: Int) {
        var wire: [UInt8] = []
        var position = start
        var end: Int?
        var earliest = start
        while true {
            guard position < octets.count else { throw .cutShort(part) }
            let length = Int(octets[position])
            switch length {
            case 0:
                wire.append(0)
                return (wire, end ?? position + 1)
            case 1...DNSName.maximumLabelOctets:
                guard position + length < octets.count else { throw .cutShort(part) }
                guard wire.count + length + 2 <= DNSName.maximumOctets else { throw .badName(part) }
                wire += octets[position...(position + length)]
                position += length + 1
            case 0xC0...0xFF:
                guard position + 1 < octets.count else { throw .cutShort(part) }
                let target = (length & 0x3F) << 8 | Int(octets[position + 1])
                // Strictly backwards from where this name, or the part of it that we follow, began: no loop.
                guard target >= MessageFormat.headerOctets, target < earliest else { throw .badName(part) }
                end = end ?? position + 2
                earliest = target
                position = target
            default:
                throw .badName(part)
            }
        }
    }
}
