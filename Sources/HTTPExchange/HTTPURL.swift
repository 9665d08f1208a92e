public import EventLoops

/// An absolute `https` URL, checked and taken apart (RFC 3986, RFC 9110 §4.2.2).
///
/// Only what has one meaning is let through: printable ASCII, a host that is a name in A-label form or an address, no
/// user information. So nobody after us reads another host out of it.
public struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    /// The host in lower case: a name, or an address without brackets.
    public let host: String
    /// The port; 443 where none is written.
    public let port: UInt16
    /// Path and query, beginning with `/`.
    public let target: String
    /// The host as an address with ``port``, nil when it is a name.
    public let literalAddress: SocketAddress?

    /// The port of `https` where none is written.
    public static let defaultPort: UInt16 = 443
    /// What a longer URL is refused for.
    static let mostOctets = 8192
    private static let mostHostOctets = 253
    private static let scheme = "https://"

    /// Reads an absolute URL; a fragment is left out.
    ///
    /// - Throws: ``HTTPURLError`` naming what is wrong with it.
    public init(_ text: some StringProtocol) throws(HTTPURLError) {
        guard text.utf8.count <= Self.mostOctets else { throw .tooLong }
        guard text.utf8.allSatisfy(Self.isAllowed) else { throw .forbiddenCharacter }
        guard text.prefix(Self.scheme.count).lowercased() == Self.scheme else { throw .notHTTPS }
        let rest = text.dropFirst(Self.scheme.count).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        guard !authority.contains("@") else { throw .userInformation }
        let (host, port) = try Self.split(authority)
        try self.init(host: host, port: port, target: target.first == "/" ? String(target) : "/\(target)")
    }

    /// Puts a URL together.
    ///
    /// - Parameters:
    ///   - host: A name in A-label form, or an address without brackets.
    ///   - target: Path and query, beginning with `/`.
    /// - Throws: ``HTTPURLError`` naming what is wrong with it.
    public init(host: String, port: UInt16 = Self.defaultPort, target: String = "/") throws(HTTPURLError) {
        guard target.utf8.count <= Self.mostOctets else { throw .tooLong }
        guard target.utf8.allSatisfy(Self.isAllowed), target.first == "/", !target.contains("#") else {
            throw .forbiddenCharacter
        }
        guard port > 0 else { throw .badPort("0") }
        let address = try? SocketAddress(host: host, port: port)
        guard address?.scope ?? 0 == 0 else { throw .badHost(host) }
        if address == nil { try Self.checkName(host) }
        // The address in its usual form, as it would be in a certificate's text.
        self.host = address?.host ?? host.lowercased()
        self.port = port
        self.target = target
        literalAddress = address
    }

    /// The URL that a `Location` means, seen from this one (RFC 9110 §10.2.2).
    ///
    /// - Throws: ``HTTPURLError``; among others when it leads away from `https`.
    public func resolving(_ location: some StringProtocol) throws(HTTPURLError) -> HTTPURL {
        let reference = location.prefix { $0 != "#" }
        if reference.hasPrefix("//") { return try HTTPURL("https:\(reference)") }
        if reference.hasPrefix("/") { return try HTTPURL(host: host, port: port, target: String(reference)) }
        if Self.hasScheme(reference) { return try HTTPURL(reference) }
        let path = target.prefix { $0 != "?" }
        if reference.isEmpty { return self }
        if reference.hasPrefix("?") { return try HTTPURL(host: host, port: port, target: "\(path)\(reference)") }
        guard let slash = path.lastIndex(of: "/") else { return try HTTPURL(host: host, port: port) }
        return try HTTPURL(host: host, port: port, target: Self.removingDots("\(path[...slash])\(reference)"))
    }

    /// Whether both have the same scheme, host and port (RFC 9110 §4.3.1).
    public func hasSameOrigin(as other: HTTPURL) -> Bool {
        host == other.host && port == other.port
    }

    /// The URL in full; the port is left out where it is 443.
    public var description: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return "https://\(bracketed)\(port == Self.defaultPort ? "" : ":\(port)")\(target)"
    }

    /// Printable ASCII without space and without what differs between readers of URLs.
    private static func isAllowed(_ octet: UInt8) -> Bool {
        guard 0x21...0x7E ~= octet else { return false }
        return !"\"<>\\^`{|}".utf8.contains(octet)
    }

    private static func hasScheme(_ reference: some StringProtocol) -> Bool {
        guard let colon = reference.firstIndex(of: ":") else { return false }
        return !reference[..<colon].contains { $0 == "/" || $0 == "?" }
    }

    private static func split(_ authority: some StringProtocol) throws(HTTPURLError) -> (String, UInt16) {
        var host = String(authority)
        var digits: String?
        if authority.first == "[" {
            guard let end = authority.lastIndex(of: "]") else { throw .badHost(host) }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard host.contains(":") else { throw .badHost(host) }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw .badHost(String(authority)) }
            digits = rest.isEmpty ? nil : String(rest.dropFirst())
        } else if let colon = authority.firstIndex(of: ":") {
            host = String(authority[..<colon])
            digits = String(authority[authority.index(after: colon)...])
        }
        // An empty port is the default one (RFC 3986 §3.2.3).
        guard let digits, !digits.isEmpty else { return (host, defaultPort) }
        guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = UInt16(digits) else { throw .badPort(digits) }
        return (host, port)
    }

    private static func checkName(_ name: String) throws(HTTPURLError) {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isWellFormed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    (0x30...0x39 ~= $0) || (0x61...0x7A ~= $0 | 0x20) || $0 == 0x2D || $0 == 0x5F
                }
        }
        guard isWellFormed, name.utf8.count <= mostHostOctets, let last = labels.last else { throw .badHost(name) }
        // Such names some readers take for an address: 127.1, 0x7f000001.
        let isNumeric = last.utf8.allSatisfy { 0x30...0x39 ~= $0 } || last.lowercased().hasPrefix("0x")
        guard !isNumeric else { throw .badHost(name) }
    }

    /// RFC 3986 §5.2.4, for a path that begins with `/`; what follows `?` stays as it is.
    private static func removingDots(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for segment in segments {
            if segment == ".." { _ = kept.popLast() } else if segment != "." { kept.append(segment) }
        }
        if segments.last == "." || segments.last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/") + target.dropFirst(path.count)
    }
}
