extension SocketAddress {
    /// Whether the address is the host itself: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        isIPv4 ? low >> 24 == 127 : high == 0 && low == 1
    }

    /// Whether the address means "any": 0.0.0.0 or ::.
    public var isUnspecified: Bool {
        high == 0 && low == 0
    }

    /// Whether the address is a group's: 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool {
        isIPv4 ? low >> 28 == 0xe : high >> 56 == 0xff
    }

    /// Whether the address is one of a local network: RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291 (link-local),
    /// RFC 4193 (unique local).
    public var isPrivate: Bool {
        guard isIPv4 else { return high >> 57 == 0x7e || high >> 54 == 0x3fa }
        return low >> 24 == 10 || low >> 20 == 0xac1 || low >> 16 == 0xc0a8 || low >> 22 == 0x191 || low >> 16 == 0xa9fe
    }
}
