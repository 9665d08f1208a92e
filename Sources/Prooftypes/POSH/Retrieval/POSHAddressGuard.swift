public import XMPPModel

/// Which addresses POSH documents may come from: a document says where to look next, and must not make us look around in
/// our own network (PO-22).
public struct POSHAddressGuard: Hashable, Sendable {
    /// Whether loopback, link-local and private addresses are allowed for every name (`[posh] private_addresses`).
    public var allowsPrivateAddresses: Bool
    /// Names at or under which they are allowed: those of the split zones (`[[dns.zone]]`).
    public var zones: [DomainName]

    /// Makes a guard.
    public init(allowsPrivateAddresses: Bool = false, zones: [DomainName] = []) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.zones = zones
    }

    /// Whether a document may be fetched from this address of a host.
    ///
    /// - Parameters:
    ///   - octets: 4 or 16 octets in network order.
    ///   - host: The host of the URL: a name, or an address.
    public func permits(_ octets: [UInt8], of host: String) -> Bool {
        if Self.isPublic(octets) { return true }
        guard !Self.isNobody(octets) else { return false }
        if allowsPrivateAddresses { return true }
        guard let name = try? DomainName(host), !name.isAddressLiteral else { return false }
        return zones.contains { $0 == name || name.description.hasSuffix("." + $0.description) }
    }

    /// Whether the address can be a server's anywhere on the Internet.
    static func isPublic(_ octets: [UInt8]) -> Bool {
        if octets.count == 4 { return isPublicIPv4(octets) }
        guard octets.count == 16 else { return false }
        if let inner = embedded(octets) { return isPublicIPv4(inner) }
        // What is assigned to hosts at all begins with 001 (RFC 4291 §2.4); Teredo's addresses (RFC 4380 §2.6) are those of
        // hosts behind translators of IPv4, and lead into their networks.
        return octets[0] >> 5 == 1 && !octets.starts(with: [0x20, 0x01, 0, 0])
    }

    /// Unspecified, broadcast and group addresses, and what is no address: of no server, whatever is allowed.
    private static func isNobody(_ octets: [UInt8]) -> Bool {
        guard octets.count == 16 else { return octets.count != 4 || octets[0] == 0 || octets[0] >= 224 }
        if octets.allSatisfy({ $0 == 0 }) || octets[0] == 0xFF { return true }
        return embedded(octets).map { $0[0] == 0 ? octets != loopback : $0[0] >= 224 } ?? false
    }

    private static let loopback: [UInt8] = [UInt8](repeating: 0, count: 15) + [1]

    private static func isPublicIPv4(_ octets: [UInt8]) -> Bool {
        switch (octets[0], octets[1], octets[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (198, 18...19, _): false
        default: true
        }
    }

    /// The IPv4 address that an IPv6 address leads to: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
    private static func embedded(_ octets: [UInt8]) -> [UInt8]? {
        if octets[0..<10].allSatisfy({ $0 == 0 }), octets[10] == octets[11], [0, 0xFF].contains(octets[10]) {
            return Array(octets[12...])
        }
        if octets[0..<12].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return Array(octets[12...]) }
        return octets[0] == 0x20 && octets[1] == 0x02 ? Array(octets[2..<6]) : nil
    }
}
