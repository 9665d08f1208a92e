/// Where additional information of a provisioning domain is: an `https` URL, the only kind that counts.
public struct ProvisioningLocation: Hashable, Sendable {
    /// The host, which the server's certificate has to name.
    public let host: String
    /// The port.
    public let port: UInt16
    /// The path and the query, beginning with `/`.
    public let path: String

    private static let defaultPort: UInt16 = 443
    private static let longest = 2048

    /// The place that a domain has by definition (RFC 8801 §4.1).
    public init(ofDomain host: String) {
        self.host = host
        port = Self.defaultPort
        path = "/.well-known/pvd"
    }

    private init(host: String, port: UInt16, path: String) {
        self.host = host
        self.port = port
        self.path = path
    }

    /// The place that a redirection leads to from here.
    ///
    /// - Returns: nil unless it is an absolute `https` URL without user information, or an absolute path.
    public func redirected(to location: String) -> ProvisioningLocation? {
        let isVisible = location.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\\") }
        guard isVisible, location.utf8.count <= Self.longest else { return nil }
        let text = location.prefix { $0 != "#" }
        if text.hasPrefix("/"), !text.hasPrefix("//") {
            return ProvisioningLocation(host: host, port: port, path: String(text))
        }
        guard text.prefix(8).lowercased() == "https://" else { return nil }
        let rest = text.dropFirst(8)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        var parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        // Brackets would make an address; a provisioning domain is a name, and so is what it leads to.
        guard !authority.contains("@"), !authority.contains("["), 1...2 ~= parts.count, !parts[0].isEmpty else {
            return nil
        }
        var port = Self.defaultPort
        if let digits = parts.count == 2 ? parts.popLast() : nil, !digits.isEmpty {
            guard let number = UInt16(digits), number == Self.defaultPort || RiskyPorts.allows(number) else {
                return nil
            }
            port = number
        }
        return ProvisioningLocation(
            host: parts[0].lowercased(), port: port, path: path.hasPrefix("/") ? String(path) : "/" + path)
    }
}

extension ProvisioningLocation: CustomStringConvertible {
    /// The URL.
    public var description: String {
        "https://\(host)\(port == Self.defaultPort ? "" : ":\(port)")\(path)"
    }
}
