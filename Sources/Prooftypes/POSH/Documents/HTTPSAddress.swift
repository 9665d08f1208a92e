/// An absolute `https` URL that has one meaning, as far as POSH needs it (PO-10, PO-19).
public struct HTTPSAddress: Hashable, Sendable, CustomStringConvertible {
    /// The host in lower case: a name in A-label form, or an address without brackets.
    public let host: String
    /// The port; 443 where none is written.
    public let port: UInt16
    /// Path and query, beginning with `/`.
    public let target: String

    /// Octets at most.
    static let mostOctets = 2048
    private static let scheme = "https://"

    /// Reads a URL, and leaves out a fragment; nil for anything that is not plainly an https URL.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.mostOctets, text.utf8.allSatisfy(Self.isAllowed),
            text.prefix(Self.scheme.count).lowercased() == Self.scheme
        else { return nil }
        let rest = text.dropFirst(Self.scheme.count).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        // What stands before an "@" would be credentials, or a host that is none.
        guard let (host, port) = Self.split(authority) else { return nil }
        self.init(host: host, port: port, target: target.first == "/" ? String(target) : "/\(target)")
    }

    /// Puts a URL together of parts that have been checked.
    init(host: String, port: UInt16 = 443, target: String) {
        self.host = host.lowercased()
        self.port = port
        self.target = target
    }

    /// The URL that the `Location` of a redirection means, seen from this one (RFC 9110 §10.2.2); nil when it leads away
    /// from https, or nowhere.
    public func resolving(_ location: String) -> HTTPSAddress? {
        let reference = location.prefix { $0 != "#" }
        guard reference.utf8.allSatisfy(Self.isAllowed), !reference.isEmpty else { return nil }
        if reference.hasPrefix("//") { return HTTPSAddress("https:\(reference)") }
        let origin = host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
        if reference.hasPrefix("/") { return HTTPSAddress("\(origin)\(reference)") }
        let colon = reference.firstIndex(of: ":")
        if let colon, !reference[..<colon].contains(where: { $0 == "/" || $0 == "?" }) {
            return HTTPSAddress(String(reference))
        }
        let path = target.prefix { $0 != "?" }
        if reference.hasPrefix("?") { return HTTPSAddress("\(origin)\(path)\(reference)") }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return HTTPSAddress("\(origin)\(Self.removingDots("\(folder)\(reference)"))")
    }

    /// The URL in full; the port is left out where it is 443.
    public var description: String {
        "https://\(host.contains(":") ? "[\(host)]" : host)\(port == 443 ? "" : ":\(port)")\(target)"
    }

    /// Printable ASCII without space and without what differs between readers of URLs.
    private static func isAllowed(_ octet: UInt8) -> Bool {
        0x21...0x7E ~= octet && !"\"<>\\^`{|}".utf8.contains(octet)
    }

    private static func split(_ authority: Substring) -> (String, UInt16)? {
        var host = authority
        var digits: Substring = ""
        if authority.first == "[" {
            guard let end = authority.lastIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":", host.contains(":"),
                host.utf8.allSatisfy({ $0 == 0x3A || $0 == 0x2E || Character(Unicode.Scalar($0)).isHexDigit })
            else { return nil }
            digits = rest.dropFirst()
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                digits = authority[authority.index(after: colon)...]
            }
            guard isHost(host) else { return nil }
        }
        guard !digits.isEmpty else { return (String(host), 443) }
        guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = UInt16(digits), port > 0 else { return nil }
        return (String(host), port)
    }

    private static func isHost(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isWellFormed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 | 0x20 || $0 == 0x2D || $0 == 0x5F
                }
        }
        guard isWellFormed, text.utf8.count <= 253, let last = labels.last else { return false }
        let isNumeric = last.utf8.allSatisfy { 0x30...0x39 ~= $0 } || last.lowercased().hasPrefix("0x")
        guard isNumeric else { return true }
        // Four plain numbers are an address; other forms (127.1, 0x7f000001) some readers take for one.
        return labels.count == 4
            && labels.allSatisfy { UInt8($0) != nil && ($0.count == 1 || $0.first != "0") }
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
