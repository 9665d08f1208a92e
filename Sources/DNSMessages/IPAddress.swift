/// An IPv4 or IPv6 address, without port and zone.
public struct IPAddress: Hashable, Sendable {
    /// The two kinds of address.
    public enum Family: Hashable, Sendable {
        /// IPv6.
        case v6
        /// IPv4.
        case v4
    }

    /// Which kind of address this is.
    public let family: Family

    // An IPv4 address occupies the low 32 bits. Two integers, so that an address costs no allocation.
    private let high: UInt64
    private let low: UInt64

    /// An address from its octets in network order.
    ///
    /// - Returns: nil unless there are 4 or 16 of them.
    public init?(octets: some Collection<UInt8>) {
        switch octets.count {
        case 4: (family, high, low) = (.v4, 0, Self.number(octets))
        case 16: (family, high, low) = (.v6, Self.number(octets.prefix(8)), Self.number(octets.dropFirst(8)))
        default: return nil
        }
    }

    private static func number(_ octets: some Sequence<UInt8>) -> UInt64 {
        octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The octets in network order: 4 or 16.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        switch family {
        case .v4:
            octets.appendBigEndian(UInt32(truncatingIfNeeded: low))
        case .v6:
            octets.appendBigEndian(high)
            octets.appendBigEndian(low)
        }
        return octets
    }
}

extension IPAddress: CustomStringConvertible {
    /// The text form of RFC 5952 for IPv6, dotted decimal for IPv4.
    public var description: String {
        switch family {
        case .v4: octets.map { String($0) }.joined(separator: ".")
        case .v6: IPAddressText.text(groups: Self.groups(high, low))
        }
    }

    /// Reads an address in text, IPv6 with or without brackets, without a zone.
    ///
    /// - Returns: nil when it is none: a name, perhaps.
    public init?(_ text: some StringProtocol) {
        if let octets = IPAddressText.octets(v4: text) {
            self.init(octets: octets)
        } else if text.hasPrefix("["), text.hasSuffix("]") {
            guard let octets = IPAddressText.octets(v6: text.dropFirst().dropLast()) else { return nil }
            self.init(octets: octets)
        } else {
            guard let octets = IPAddressText.octets(v6: text) else { return nil }
            self.init(octets: octets)
        }
    }

    private static func groups(_ high: UInt64, _ low: UInt64) -> [UInt16] {
        [high, low].flatMap { half in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) }
        }
    }
}
