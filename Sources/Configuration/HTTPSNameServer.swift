/// A DNS-over-HTTPS server (RFC 8484).
public struct HTTPSNameServer: Sendable, Hashable, CustomStringConvertible {
    /// The host of the URL, which the server's certificate has to be for: a name, or an IP address without brackets.
    public let host: String
    /// The port; 443 where none is written.
    public let port: UInt16
    /// Where to connect; `nil` where the host's address has to be looked up first.
    public let address: ConfiguredAddress?
    /// The path, beginning with `/`.
    public let path: String

    /// Makes a server from its parts; `path` begins with `/`.
    public init(host: String, port: UInt16 = 443, address: ConfiguredAddress?, path: String = "/dns-query") {
        self.host = host
        self.port = port
        self.address = address
        self.path = path
    }

    /// The URL without the bootstrap address, as it is asked.
    public var url: String {
        "https://\(Self.bracketed(host))\(port == 443 ? "" : ":\(port)")\(path)"
    }

    /// The form that is written in a configuration.
    public var description: String {
        guard let address, address.host != host else { return url }
        return "https://\(host)@\(Self.bracketed(address.host))\(port == 443 ? "" : ":\(port)")\(path)"
    }

    private static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }
}
