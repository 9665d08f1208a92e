/// What limits count by: an IPv4 address, or the /64 of an IPv6 address, since one host may have the whole /64.
public struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    let isIPv4: Bool
    let bits: UInt64

    /// The prefix as text: `192.0.2.1` or `2001:db8::/64`.
    public var description: String {
        let address = SocketAddress(
            isIPv4: isIPv4, high: isIPv4 ? 0 : bits, low: isIPv4 ? bits : 0, scope: 0, port: 0)
        return isIPv4 ? address.host : "\(address.host)/64"
    }
}
