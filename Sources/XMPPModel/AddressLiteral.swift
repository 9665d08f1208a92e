/// IP addresses in the place of a domain (RFC 7622 §3.2: IPv4address, and IP-literal in brackets).
enum AddressLiteral {
    /// The normalised form, or nil when `text` is not an IP address.
    static func normalise(_ text: Substring) -> String? {
        if text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") {
            let inner = text.dropFirst().dropLast()
            return isIPv6(inner) ? "[" + inner.lowercased() + "]" : nil
        }
        // Nearly nothing that is asked about is one, and most of that can be told by its first octet.
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        return isIPv4(text) ? String(text) : nil
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (part.utf8.count == 1 || part.utf8.first != 0x30) && UInt8(part) != nil
        }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        guard text.utf8.count <= 45 else { return false }
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...8).contains(halves.count) || (halves.count == 9 && text.contains("::")) else { return false }
        var groups = halves[...]
        var words = 0
        if let last = groups.last, last.contains(".") {
            guard isIPv4(last) else { return false }
            words += 2
            groups = groups.dropLast()
        }
        let compressions = text.ranges(of: "::").count
        guard compressions <= 1, !text.contains(":::") else { return false }
        for group in groups where !group.isEmpty {
            // A number alone would let a sign through.
            guard group.utf8.count <= 4, group.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return false }
            words += 1
        }
        let startsOrEndsAlone =
            (text.hasPrefix(":") && !text.hasPrefix("::")) || (text.hasSuffix(":") && !text.hasSuffix("::"))
        return !startsOrEndsAlone && (compressions == 1 ? words < 8 : words == 8)
    }
}
