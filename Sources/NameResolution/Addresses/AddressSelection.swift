public import DNSMessages

/// The order in which the addresses of a host are to be tried (RFC 6724 §6, RFC 8305 §4).
///
/// Of the rules for destinations it applies those that need no knowledge of our own addresses: precedence, which also
/// puts native addresses before tunnels, and smaller scope. An address that we have no route to fails at once.
public enum AddressSelection {
    /// Addresses tried for one host at most (DO-06).
    public static let maximumAddresses = 32

    /// Addresses in order, families in turn, IPv6 first, each once.
    public static func order(_ addresses: [IPAddress]) -> [IPAddress] {
        var sixes = sorted(addresses.filter { $0.family == .v6 })[...]
        var fours = sorted(addresses.filter { $0.family == .v4 })[...]
        var ordered: [IPAddress] = []
        while !sixes.isEmpty || !fours.isEmpty {
            if let six = sixes.popFirst() { ordered.append(six) }
            if let four = fours.popFirst() { ordered.append(four) }
        }
        return Array(ordered.prefix(maximumAddresses))
    }

    /// Addresses of one or both families by the rules of RFC 6724, each once; equals keep the order of the answer.
    public static func sorted(_ addresses: [IPAddress]) -> [IPAddress] {
        var seen: Set<IPAddress> = []
        let ranked = addresses.filter { seen.insert($0).inserted }.enumerated().map { index, address in
            (address: address, rank: (-precedence(of: address), scope(of: address), index))
        }
        return ranked.sorted { $0.rank < $1.rank }.map(\.address)
    }

    /// The precedence in the default policy table (RFC 6724 §2.1); the higher the better.
    public static func precedence(of address: IPAddress) -> Int {
        let octets = mapped(address)
        return policies.first { matches(octets, $0.prefix, $0.bits) }?.precedence ?? 0
    }

    /// The scope (RFC 6724 §3.1): 2 link-local, 5 site-local, 14 global.
    public static func scope(of address: IPAddress) -> Int {
        let octets = address.octets
        switch address.family {
        case .v4:
            let isLinkLocal = octets[0] == 127 || (octets[0] == 169 && octets[1] == 254)
            return isLinkLocal ? 2 : 14
        case .v6:
            if octets[0] == 0xFF { return Int(octets[1] & 0x0F) }
            if matches(octets, [0xFE, 0x80], 10) || matches(octets, loopback, 128) { return 2 }
            return matches(octets, [0xFE, 0xC0], 10) ? 5 : 14
        }
    }

    private static let loopback = [UInt8](repeating: 0, count: 15) + [1]
    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// The policy table, the longest prefixes first.
    private static let policies: [(prefix: [UInt8], bits: Int, precedence: Int)] = [
        (loopback, 128, 50),
        (mappedPrefix, 96, 35),
        ([UInt8](repeating: 0, count: 12), 96, 1),
        ([0x20, 0x01, 0, 0], 32, 5),
        ([0x20, 0x02], 16, 30),
        ([0x3F, 0xFE], 16, 1),
        ([0xFE, 0xC0], 10, 1),
        ([0xFC], 7, 3),
        ([], 0, 40),
    ]

    private static func mapped(_ address: IPAddress) -> [UInt8] {
        address.family == .v4 ? mappedPrefix + address.octets : address.octets
    }

    private static func matches(_ octets: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
        let whole = bits / 8
        guard octets.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        let rest = bits % 8
        return rest == 0 || (octets[whole] ^ prefix[whole]) >> (8 - rest) == 0
    }
}
