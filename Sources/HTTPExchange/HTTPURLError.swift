/// Why a text is no URL that is asked for anything.
public enum HTTPURLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The scheme is not `https`.
    case notHTTPS
    /// It has a user name or password in it.
    case userInformation
    /// The host is neither a name in A-label form nor an address.
    case badHost(String)
    /// The port is not a number from 1 to 65535.
    case badPort(String)
    /// A character that does not belong into a URL.
    case forbiddenCharacter
    /// It is longer than 8192 octets.
    case tooLong

    /// The error in words.
    public var description: String {
        switch self {
        case .notHTTPS: "the URL does not begin with https://"
        case .userInformation: "the URL has a user name in it"
        case .badHost(let host): "\"\(host)\" is no host name and no address"
        case .badPort(let port): "\"\(port)\" is no port"
        case .forbiddenCharacter: "the URL has a character that does not belong into one"
        case .tooLong: "the URL is too long"
        }
    }
}
