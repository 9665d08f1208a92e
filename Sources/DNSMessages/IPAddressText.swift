/// The text forms of addresses, read and written without the resolver functions of a C library.
enum IPAddressText {
    static func octets(v4 text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            // A leading zero would be octal to some and decimal to others.
            guard part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                part.utf8.count == 1 || part.first != "0", let octet = UInt8(part)
            else { return nil }
            octets.append(octet)
        }
        return octets
    }

    static func octets(v6 text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        var text = Substring(text)
        var tail: [UInt8] = []
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            guard let embedded = octets(v4: text[text.index(after: colon)...]) else { return nil }
            tail = embedded
            // The colon before the embedded address separates; one of a `::` stays.
            text = text[..<colon]
            if text.hasSuffix(":") { text += ":" }
            if text.isEmpty { return nil }
        }
        let needed = 16 - tail.count
        guard let gap = firstGap(in: text) else {
            guard let groups = groups(text[...]), groups.count == needed else { return nil }
            return groups + tail
        }
        let (before, after) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard let head = before.isEmpty ? [] : groups(before), let rest = after.isEmpty ? [] : groups(after),
            head.count + rest.count <= needed - 2
        else { return nil }
        return head + [UInt8](repeating: 0, count: needed - head.count - rest.count) + rest + tail
    }

    /// RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    static func text(groups: [UInt16]) -> String {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard longest.count >= 2 else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    private static func firstGap(in text: Substring) -> Range<Substring.Index>? {
        var previous: Substring.Index?
        for index in text.indices {
            if text[index] == ":" {
                if let previous { return previous..<text.index(after: index) }
                previous = index
            } else {
                previous = nil
            }
        }
        return nil
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        var octets: [UInt8] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
                let group = UInt16(part, radix: 16)
            else { return nil }
            octets.appendBigEndian(group)
        }
        return octets
    }
}
