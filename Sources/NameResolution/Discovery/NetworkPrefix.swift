public import DNSMessages

/// A range of addresses: `2001:db8:1::/48`.
public struct NetworkPrefix: Hashable, Sendable {
    /// The first address of the range.
    public let address: IPAddress
    /// How many bits of it count.
    public let length: Int

    /// Makes a prefix; bits beyond its length do not count.
    ///
    /// - Returns: nil when the family has not as many bits.
    public init?(_ address: IPAddress, length: Int) {
        let octets = address.octets
        guard 0...(octets.count * 8) ~= length else { return nil }
        let masked = octets.enumerated().map { index, octet in
            octet & Self.mask(of: length - index * 8)
        }
        guard let first = IPAddress(octets: masked) else { return nil }
        self.address = first
        self.length = length
    }

    /// Reads an address, a slash and a number.
    ///
    /// - Returns: nil when the text is anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].hasPrefix("["), let address = IPAddress(parts[0]),
            parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let length = Int(parts[1])
        else { return nil }
        self.init(address, length: length)
    }

    /// Whether every address of another range is in this one.
    public func covers(_ other: NetworkPrefix) -> Bool {
        guard other.address.family == address.family, other.length >= length else { return false }
        return NetworkPrefix(other.address, length: length)?.address == address
    }

    private static func mask(of bits: Int) -> UInt8 {
        bits >= 8 ? 0xFF : bits <= 0 ? 0 : ~(0xFF >> UInt8(bits))
    }
}

extension NetworkPrefix: CustomStringConvertible {
    /// The form that is read.
    public var description: String { "\(address)/\(length)" }
}
