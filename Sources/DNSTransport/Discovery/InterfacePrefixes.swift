internal import DNSMessages
internal import Glibc
internal import NameResolution

/// The IPv6 prefixes of this host's interfaces: what the networks that it is attached to announce.
enum InterfacePrefixes {
    /// The prefixes of each interface that is up and has any, without those of the loopback and of links alone.
    static func current() -> [[NetworkPrefix]] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var networks: [String: [NetworkPrefix]] = [:]
        var next = first
        while let entry = next {
            next = entry.pointee.ifa_next
            let flags = Int(entry.pointee.ifa_flags)
            guard flags & Int(IFF_UP) != 0, flags & Int(IFF_LOOPBACK) == 0,
                let address = octets(of: entry.pointee.ifa_addr), let mask = octets(of: entry.pointee.ifa_netmask),
                !(address[0] == 0xFE && address[1] & 0xC0 == 0x80), let first = IPAddress(octets: address),
                let prefix = NetworkPrefix(first, length: mask.reduce(0) { $0 + $1.nonzeroBitCount })
            else { continue }
            let name = String(cString: entry.pointee.ifa_name)
            // An address of 128 bits was assigned (DHCPv6), and announces no network.
            if prefix.length < 128 { networks[name, default: []].append(prefix) }
        }
        return networks.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func octets(of address: UnsafeMutablePointer<sockaddr>?) -> [UInt8]? {
        guard let address, Int32(address.pointee.sa_family) == AF_INET6 else { return nil }
        return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { ipv6 in
            withUnsafeBytes(of: &ipv6.pointee.sin6_addr) { Array($0) }
        }
    }
}
