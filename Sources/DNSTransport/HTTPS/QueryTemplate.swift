internal import TransportSecurity

/// The path of a server's URI template, with the variable `dns` (RFC 8484 §4.1, RFC 6570).
///
/// Understood is what such templates are made of: literal text and the expressions `{dns}`, `{?dns}` and `{&dns}`, in which
/// other variables may stand and are undefined. A path without any expression gets `?dns` behind it for GET.
struct QueryTemplate: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        /// What stands before the value when there is one.
        case variable(prefix: String)
    }

    private var parts: [Part] = []

    /// - Returns: nil when the text is no such template, or is not absolute.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            parts.append(.text(String(rest[..<open])))
            guard append(expression: rest[rest.index(after: open)..<close]) else { return nil }
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        parts.append(.text(String(rest)))
    }

    /// Path and query for a question in the body: no variable is defined.
    var withoutMessage: String { expanded(nil) }

    /// Path and query that carry a message.
    func carrying(_ message: [UInt8]) -> String {
        expanded(Base64.encodeURLSafe(message))
    }

    private mutating func append(expression: Substring) -> Bool {
        let kind = expression.first
        let names = (kind == "?" || kind == "&") ? expression.dropFirst() : expression
        let isList = names.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { name in
            !name.isEmpty && name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39 ~= $0) || (0x61...0x7A ~= $0 | 0x20) }
        }
        guard isList else { return false }
        guard names.split(separator: ",").contains("dns") else { return true }
        switch kind {
        case "?": parts.append(.variable(prefix: "?dns="))
        case "&": parts.append(.variable(prefix: "&dns="))
        default: parts.append(.variable(prefix: ""))
        }
        return true
    }

    private func expanded(_ value: String?) -> String {
        var isCarried = false
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .variable(let prefix):
                guard let value else { continue }
                text += prefix + value
                isCarried = true
            }
        }
        guard let value, !isCarried else { return text }
        return text + (text.contains("?") ? "&dns=" : "?dns=") + value
    }
}
