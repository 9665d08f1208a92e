/// The types that exist at a name, as NSEC and NSEC3 list them (RFC 4034 §4.1.2).
public struct RecordTypeSet: Hashable, Sendable {
    /// The windows as they stand on the wire.
    let octets: [UInt8]

    private static let longestWindow = 32

    /// Reads the bitmap.
    ///
    /// - Returns: nil when a window is empty, too long, out of order or cut short.
    init?(octets: some Collection<UInt8>) {
        let octets = Array(octets)
        var position = 0
        var lastWindow = -1
        while position < octets.count {
            guard position + 2 <= octets.count else { return nil }
            let length = Int(octets[position + 1])
            guard Int(octets[position]) > lastWindow, 1...Self.longestWindow ~= length,
                position + 2 + length <= octets.count
            else { return nil }
            lastWindow = Int(octets[position])
            position += 2 + length
        }
        self.octets = octets
    }

    /// A set of the given types.
    public init(_ types: some Sequence<RecordType>) {
        var windows: [UInt8: [UInt8]] = [:]
        for type in types {
            let (window, bit) = (UInt8(type.rawValue >> 8), Int(type.rawValue & 0xFF))
            var bits = windows[window] ?? []
            while bits.count <= bit / 8 { bits.append(0) }
            bits[bit / 8] |= 0x80 >> UInt8(bit % 8)
            windows[window] = bits
        }
        octets = windows.sorted { $0.key < $1.key }.flatMap { [$0.key, UInt8($0.value.count)] + $0.value }
    }

    /// Whether a type is in the set.
    public func contains(_ type: RecordType) -> Bool {
        let (window, bit) = (UInt8(type.rawValue >> 8), Int(type.rawValue & 0xFF))
        var position = 0
        while position < octets.count {
            let length = Int(octets[position + 1])
            if octets[position] == window {
                return bit / 8 < length && octets[position + 2 + bit / 8] & 0x80 >> UInt8(bit % 8) != 0
            }
            position += 2 + length
        }
        return false
    }

    /// The types in the set, in the order of their numbers.
    public var all: [RecordType] {
        var types: [RecordType] = []
        var position = 0
        while position < octets.count {
            let length = Int(octets[position + 1])
            for (index, octet) in octets[(position + 2)..<(position + 2 + length)].enumerated() {
                for bit in 0..<8 where octet & 0x80 >> UInt8(bit) != 0 {
                    types.append(RecordType(rawValue: UInt16(octets[position]) << 8 | UInt16(index * 8 + bit)))
                }
            }
            position += 2 + length
        }
        return types
    }
}
