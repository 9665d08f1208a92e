/// Reading the three forms of a name server.
extension NameServer {
    /// The port of DNS in clear, which encrypted DNS must not use (RFC 7858 §3.1).
    private static let cleartextPort: UInt16 = 53
    private static let tlsPort: UInt16 = 853
    private static let httpsPort: UInt16 = 443

    /// Reads one element of `servers`.
    static func read(_ text: String) -> ElementReading<NameServer> {
        if let rest = text.dropping(prefix: "tls://") { return readTLS(rest) }
        if let rest = text.dropping(prefix: "https://") { return readHTTPS(rest) }
        if text.hasPrefix("http://") {
            return .refused("is not encrypted, and DNS over HTTP needs TLS", mend: "write https:// (RFC 8484 §5)")
        }
        guard let address = ConfiguredAddress(text, defaultPort: cleartextPort), address.port != 0 else {
            return .refused(
                "is not a name server",
                mend: "write \"192.0.2.53\", \"tls://192.0.2.53#dns.example\" or \"https://dns.example/dns-query\"")
        }
        return .accepted(.plain(address))
    }

    private static func readTLS(_ text: Substring) -> ElementReading<NameServer> {
        let example = "write \"tls://192.0.2.53#dns.example\""
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = ConfiguredAddress(String(parts[0]), defaultPort: tlsPort), address.port != 0 else {
            return .refused("names no IP address to connect to", mend: example)
        }
        guard address.port != cleartextPort else {
            return .refused("uses port 53, where DNS is in clear", mend: "leave the port out, which is 853 then")
        }
        guard parts.count == 2 else { return .accepted(.tls(address, name: nil)) }
        guard let name = hostName(parts[1]) else { return .refused("has no usable name after #", mend: example) }
        return .accepted(.tls(address, name: name))
    }

    private static func readHTTPS(_ text: Substring) -> ElementReading<NameServer> {
        let example = "write \"https://dns.example@192.0.2.53/dns-query\""
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        guard let path = path(text[slash...]) else { return .refused("has a path that cannot be used", mend: example) }
        let authority = text[..<slash].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if authority.count == 2 {
            guard let host = hostName(authority[0]) else {
                return .refused("has no usable name before @", mend: example)
            }
            guard let address = ConfiguredAddress(String(authority[1]), defaultPort: httpsPort), address.port != 0
            else {
                return .refused("has no IP address after @", mend: example)
            }
            return .accepted(.https(HTTPSNameServer(host: host, port: address.port, address: address, path: path)))
        }
        if let address = ConfiguredAddress(String(authority[0]), defaultPort: httpsPort), address.port != 0 {
            return .accepted(
                .https(HTTPSNameServer(host: address.host, port: address.port, address: address, path: path)))
        }
        let parts = authority[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = hostName(parts[0]) else { return .refused("has no usable host", mend: example) }
        var port = httpsPort
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(parts[1]), number != 0
            else { return .refused("has no usable port", mend: example) }
            port = number
        }
        return .accepted(.https(HTTPSNameServer(host: host, port: port, address: nil, path: path)))
    }

    /// The path of a URL or URI template (RFC 8484 §3). Questions go by POST, so `{?dns}` says nothing to us.
    private static func path(_ text: Substring) -> String? {
        guard !text.isEmpty, text != "/" else { return "/dns-query" }
        let template = "{?dns}"
        let path = text.hasSuffix(template) ? text.dropLast(template.count) : text
        let isUsable = path.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"?#{}\"<>\\^`|".utf8.contains(byte)
        }
        return isUsable ? String(path) : nil
    }

    /// A host name in its ASCII form and lower case; `nil` for anything else.
    private static func hostName(_ text: Substring) -> String? {
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253 else { return nil }
        for label in labels {
            guard (1...63).contains(label.utf8.count), label.utf8.first != UInt8(ascii: "-"),
                label.utf8.last != UInt8(ascii: "-")
            else { return nil }
            for byte in label.utf8 {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    continue
                default: return nil
                }
            }
        }
        return name
    }
}

extension String {
    /// What follows `prefix`, or `nil`.
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
