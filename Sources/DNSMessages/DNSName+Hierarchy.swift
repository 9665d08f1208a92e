/// Where a name stands in the tree.
extension DNSName {
    /// Labels without the root, a wildcard label included.
    public var labelCount: Int {
        var (count, position) = (0, 0)
        while wire[position] != 0 {
            count += 1
            position += 1 + Int(wire[position])
        }
        return count
    }

    /// Whether the first label is `*`.
    public var isWildcard: Bool { wire.count > 2 && wire[0] == 1 && wire[1] == UInt8(ascii: "*") }

    /// `*` below this name; nil when that is too long.
    public var wildcard: DNSName? {
        wire.count + 2 <= Self.maximumOctets ? DNSName(canonicalWire: [1, UInt8(ascii: "*")] + wire) : nil
    }

    /// The last `count` labels; the whole name when it has no more than that.
    public func suffix(labels count: Int) -> DNSName {
        var position = 0
        var surplus = labelCount - count
        while surplus > 0 {
            position += 1 + Int(wire[position])
            surplus -= 1
        }
        return DNSName(canonicalWire: Array(wire[position...]))
    }

    /// The longest name that this one and another are both at or below.
    public func commonAncestor(with other: DNSName) -> DNSName {
        var candidate = suffix(labels: other.labelCount)
        while !other.isAtOrBelow(candidate), let parent = candidate.parent { candidate = parent }
        return candidate
    }

    /// The name that stands uncompressed at a place in a record's data, and where what follows it begins.
    static func uncompressed(in octets: [UInt8], at start: Int) -> (name: DNSName, end: Int)? {
        var position = start
        while position < octets.count, octets[position] != 0 {
            guard octets[position] <= maximumLabelOctets else { return nil }
            position += 1 + Int(octets[position])
        }
        guard position < octets.count, let name = try? DNSName(wire: octets[start...position]) else { return nil }
        return (name, position + 1)
    }
}

/// The canonical order of names in a zone (RFC 4034 §6.1): by labels from the right, as octets.
extension DNSName: Comparable {
    /// Whether a name stands before another.
    public static func < (left: DNSName, right: DNSName) -> Bool {
        for (one, other) in zip(left.labels.reversed(), right.labels.reversed()) where one != other {
            return one.lexicographicallyPrecedes(other)
        }
        return left.labelCount < right.labelCount
    }
}

extension [UInt8] {
    /// The number at a place that has to exist.
    func bigEndian<Number: FixedWidthInteger>(at position: Int) -> Number {
        Number(
            truncatingIfNeeded: self[position..<(position + Number.bitWidth / 8)].reduce(UInt64(0)) {
                $0 << 8 | UInt64($1)
            })
    }
}
