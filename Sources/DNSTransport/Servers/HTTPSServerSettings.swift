/// Where and how a DNS-over-HTTPS server is asked (RFC 8484).
public struct HTTPSServerSettings: Hashable, Sendable {
    /// How the question travels (RFC 8484 §4.1).
    public enum Method: String, Hashable, Sendable {
        /// In the `dns` variable of the URI, so that caches on the way may answer.
        case get = "GET"
        /// As the body.
        case post = "POST"
    }

    /// Who we are, for a server that wants to know (draft-reddy-add-enterprise-00 §6.2). Sent to this server alone, and
    /// only once it has proved who it is (DH-09).
    public enum Credential: Hashable, Sendable {
        /// HTTP basic authentication.
        case password(username: String, password: String)
        /// A certificate chain and its private key, both in PEM.
        case certificate(chainPEM: [UInt8], keyPEM: [UInt8])
    }

    /// The host of the URI: a name in A-label form, or an address without brackets.
    public var host: String
    /// The port of the URI.
    public var port: UInt16
    /// The path, beginning with `/`, or a URI template's path with `{?dns}` (RFC 6570).
    public var path: String
    /// How the question travels.
    public var method: Method
    /// Who we are, where the server asks for it.
    public var credential: Credential?

    /// The port of HTTPS (RFC 9110 §4.2.2).
    public static let defaultPort: UInt16 = 443
    /// The path that most servers use (RFC 8484 §4.1.1).
    public static let defaultPath = "/dns-query"

    /// Makes settings.
    public init(
        host: String, port: UInt16 = Self.defaultPort, path: String = Self.defaultPath, method: Method = .post,
        credential: Credential? = nil
    ) {
        self.host = host
        self.port = port
        self.path = path
        self.method = method
        self.credential = credential
    }
}
