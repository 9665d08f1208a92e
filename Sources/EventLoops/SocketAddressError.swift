/// Why a text is not a socket address.
public enum SocketAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text has no `:port`, or an IPv6 address without brackets.
    case malformed(String)
    /// The part before the port is not a numeric address; names are not looked up here.
    case notNumeric(host: String)
    /// The port is not a number within 0…65535.
    case invalidPort(String)

    /// What is wrong and what is expected.
    public var description: String {
        switch self {
        case .malformed(let text): "\"\(text)\" is not an address with a port, as 192.0.2.1:5269 or [2001:db8::1]:5269"
        case .notNumeric(let host): "\"\(host)\" is not a numeric IPv4 or IPv6 address"
        case .invalidPort(let port): "\"\(port)\" is not a port between 0 and 65535"
        }
    }
}
