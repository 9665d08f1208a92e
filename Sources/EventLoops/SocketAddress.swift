internal import Glibc

/// A numeric IPv4 or IPv6 address with a port.
///
/// An IPv6 address that only wraps an IPv4 one (`::ffff:192.0.2.1`) becomes that IPv4 address, so that one peer has one
/// address whichever socket it came through.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// Whether this is an IPv4 address.
    public let isIPv4: Bool
    /// The IPv6 zone (an interface index), zero for none.
    public let scope: UInt32
    /// The port, 0…65535; zero asks the kernel for one.
    public let port: UInt16
    /// The bits of the address; an IPv4 address is the lower half of `low`.
    let high: UInt64
    let low: UInt64

    init(isIPv4: Bool, high: UInt64, low: UInt64, scope: UInt32, port: UInt16) {
        let isMapped = !isIPv4 && high == 0 && low >> 32 == 0xffff
        self.isIPv4 = isIPv4 || isMapped
        self.high = high
        self.low = isMapped ? low & 0xffff_ffff : low
        self.scope = isMapped ? 0 : scope
        self.port = port
    }

    /// Reads `192.0.2.1:5269`, `[2001:db8::1]:5269` or `[fe80::1%eth0]:5269`.
    ///
    /// - Throws: ``SocketAddressError`` naming the part that is wrong.
    public init(_ text: String) throws(SocketAddressError) {
        guard let colon = text.lastIndex(of: ":") else { throw .malformed(text) }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw .notNumeric(host: String(host)) }
        } else if host.contains(":") || host.contains("[") || host.contains("]") {
            throw .malformed(text)
        }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else {
            throw .invalidPort(String(digits))
        }
        try self.init(host: String(host), port: port)
    }

    /// Reads a bare numeric address, an IPv6 one without brackets.
    ///
    /// - Throws: ``SocketAddressError/notNumeric(host:)``.
    public init(host: String, port: UInt16) throws(SocketAddressError) {
        var ipv4 = in_addr()
        // A NUL would end the text early for the C library.
        guard !host.utf8.contains(0) else { throw .notNumeric(host: host) }
        if inet_pton(AF_INET, host, &ipv4) == 1 {
            self.init(
                isIPv4: true, high: 0, low: UInt64(UInt32(bigEndian: ipv4.s_addr)), scope: 0, port: port)
            return
        }
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var ipv6 = in6_addr()
        guard let bare = parts.first, inet_pton(AF_INET6, String(bare), &ipv6) == 1 else {
            throw .notNumeric(host: host)
        }
        var scope: UInt32 = 0
        if parts.count == 2 {
            scope = UInt32(parts[1]) ?? if_nametoindex(String(parts[1]))
            guard scope != 0 else { throw .notNumeric(host: host) }
        }
        self.init(ipv6, scope: scope, port: port)
    }

    /// An address from the 4 octets of an A record or the 16 of an AAAA record; nil for any other number.
    public init?(octets: some Collection<UInt8>, port: UInt16) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for octet in octets {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(octet)
        }
        switch octets.count {
        case 4: self.init(isIPv4: true, high: 0, low: low, scope: 0, port: port)
        case 16: self.init(isIPv4: false, high: high, low: low, scope: 0, port: port)
        default: return nil
        }
    }

    /// 127.0.0.1.
    public static func loopbackIPv4(port: UInt16) -> SocketAddress {
        SocketAddress(isIPv4: true, high: 0, low: 0x7f00_0001, scope: 0, port: port)
    }

    /// ::1.
    public static func loopbackIPv6(port: UInt16) -> SocketAddress {
        SocketAddress(isIPv4: false, high: 0, low: 1, scope: 0, port: port)
    }

    /// The same address with another port.
    public func withPort(_ port: UInt16) -> SocketAddress {
        SocketAddress(isIPv4: isIPv4, high: high, low: low, scope: scope, port: port)
    }

    /// The octets of the address, 4 or 16, in network order.
    public var octets: [UInt8] {
        let words = isIPv4 ? [] : [high]
        let all = (words + [low]).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
        return isIPv4 ? Array(all.suffix(4)) : all
    }

    /// The address without the port, an IPv6 one without brackets: `192.0.2.1`, `fe80::1%2`.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var address = systemIPv6
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        }
        let bare = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return scope == 0 ? bare : "\(bare)%\(scope)"
    }

    /// The address with its port: `192.0.2.1:5269`, `[2001:db8::1]:5269`.
    public var description: String {
        isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }

    /// What limits for each address count by.
    public var prefix64: AddressPrefix {
        AddressPrefix(isIPv4: isIPv4, bits: isIPv4 ? low : high)
    }
}
