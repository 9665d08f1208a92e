/// An IP address with a port, as `192.0.2.7:5269` or `[2001:db8::7]:5269`.
public struct ConfiguredAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as it was written, without brackets.
    public let host: String
    /// The port; 0 only for a listener that takes any free port.
    public let port: UInt16
    /// The address in network order, 4 octets for IPv4 and 16 for IPv6. A scope, as in `fe80::1%eth0`, is in `host` alone.
    public let octets: [UInt8]

    /// Reads `text`; `nil` unless it is an IP address and a port.
    ///
    /// - Parameter defaultPort: Taken where `text` names no port; then IPv6 needs no brackets either.
    public init?(_ text: String, defaultPort: UInt16? = nil) {
        guard let (host, port) = Self.split(text, defaultPort: defaultPort), let octets = Self.octets(of: host) else {
            return nil
        }
        self.host = host
        self.port = port
        self.octets = octets
    }

    /// Whether the address is an IPv6 address.
    public var isIPv6: Bool { octets.count == 16 }

    /// Whether only this host can reach the address: 127.0.0.0/8, `::1`, or the former mapped into IPv6.
    public var isLoopback: Bool {
        if octets.count == 4 { return octets[0] == 127 }
        let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if octets.starts(with: mappedPrefix) { return octets[12] == 127 }
        return octets.dropLast().allSatisfy { $0 == 0 } && octets.last == 1
    }

    /// The form that is written in a configuration.
    public var description: String {
        isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func split(_ text: String, defaultPort: UInt16?) -> (host: String, port: UInt16)? {
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let host = String(decoding: bytes[1..<end], as: UTF8.self)
            guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
            let rest = bytes[(end + 1)...]
            if rest.isEmpty { return defaultPort.map { (host, $0) } }
            guard rest.first == UInt8(ascii: ":"), let port = port(of: rest.dropFirst()) else { return nil }
            return (host, port)
        }
        let colons = bytes.count { $0 == UInt8(ascii: ":") }
        if colons == 0 || (colons > 1 && defaultPort != nil) { return defaultPort.map { (text, $0) } }
        guard colons == 1, let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let port = port(of: bytes[(colon + 1)...])
        else { return nil }
        return (String(decoding: bytes[..<colon], as: UTF8.self), port)
    }

    private static func port(of digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self))
    }

    /// The octets of an IP address without brackets and port, in network order.
    static func octets(of host: String) -> [UInt8]? {
        host.utf8.contains(UInt8(ascii: ":")) ? octetsOfIPv6(host) : octetsOfIPv4(host)
    }

    private static func octetsOfIPv4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            // A leading zero would be octal to some readers.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part == "0" || part.utf8.first != UInt8(ascii: "0"), let octet = UInt8(part)
            else { return nil }
            octets.append(octet)
        }
        return octets
    }

    private static func octetsOfIPv6(_ text: String) -> [UInt8]? {
        let scoped = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        if scoped.count == 2, scoped[1].isEmpty { return nil }
        var groups: [Substring] = scoped[0].split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count >= 3 else { return nil }
        // `::` at an end leaves two empty groups there; one of them stands for the zeros.
        if groups[0].isEmpty {
            guard groups[1].isEmpty else { return nil }
            groups.removeFirst()
        }
        if groups[groups.count - 1].isEmpty {
            guard groups[groups.count - 2].isEmpty else { return nil }
            groups.removeLast()
        }
        let halves = groups.split(separator: "", omittingEmptySubsequences: false)
        guard halves.count <= 2, let before = octets(ofGroups: halves[0], mayEndInIPv4: halves.count == 1) else {
            return nil
        }
        guard halves.count == 2 else { return before.count == 16 ? before : nil }
        guard let after = octets(ofGroups: halves[1], mayEndInIPv4: true) else { return nil }
        let missing = 16 - before.count - after.count
        return missing >= 2 ? before + [UInt8](repeating: 0, count: missing) + after : nil
    }

    private static func octets(ofGroups groups: ArraySlice<Substring>, mayEndInIPv4: Bool) -> [UInt8]? {
        var octets: [UInt8] = []
        for (index, group) in zip(groups.indices, groups) {
            if mayEndInIPv4, index == groups.endIndex - 1, let embedded = octetsOfIPv4(group) {
                octets += embedded
                continue
            }
            guard (1...4).contains(group.utf8.count), group.utf8.first != UInt8(ascii: "+"),
                let value = UInt16(group, radix: 16)
            else { return nil }
            octets += [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
        return octets
    }
}
