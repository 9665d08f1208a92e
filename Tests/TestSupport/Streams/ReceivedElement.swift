/// An element as it came, with the few questions that a test asks.
///
/// It searches the text and does not parse it: enough for what known servers write, and independent of Ligase's own
/// parser.
public struct ReceivedElement: Equatable, Sendable, CustomStringConvertible {
    /// The element as it stood on the wire.
    public let description: String

    init(_ text: String) { description = text }

    /// The name with its prefix, if any.
    public var name: String {
        String(description.dropFirst().prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" })
    }

    /// The value of an attribute of the outermost element.
    public func attribute(_ name: String) -> String? {
        let tag = description.prefix { $0 != ">" }
        for quote in ["'", "\""] {
            guard let start = tag.firstRange(of: " \(name)=\(quote)")?.upperBound else { continue }
            return String(tag[start...].prefix { String($0) != quote }).withoutReferences
        }
        return nil
    }

    /// Whether an element of this local name is inside, however deep.
    public func contains(_ localName: String) -> Bool { contentStart(of: localName) != nil }

    /// The character data of the first element of this local name inside, up to its first tag; `nil` if there is none.
    public func text(of localName: String) -> String? {
        contentStart(of: localName).map { start in
            String(description[start...].prefix { $0 != "<" }).withoutReferences
        }
    }

    /// The stanza error inside: its type and its condition, as far as it is there.
    public var stanzaError: (type: String, text: String)? {
        guard attribute("type") == "error", let start = description.firstRange(of: "<error")?.lowerBound else {
            return nil
        }
        let error = ReceivedElement(String(description[start...]))
        return (error.attribute("type") ?? "", error.text(of: "text") ?? "")
    }

    private func contentStart(of localName: String) -> String.Index? {
        for opening in ["<\(localName)", ":\(localName)"] {
            for range in description.ranges(of: opening).filter({ $0.lowerBound > description.startIndex }) {
                guard let next = description[range.upperBound...].first, next.isWhitespace || "/>".contains(next) else {
                    continue
                }
                let rest = description[range.upperBound...]
                guard let end = rest.firstIndex(of: ">") else { continue }
                // An empty element has no content: what follows it is somebody else's.
                let isEmpty = description[description.index(before: end)] == "/"
                return isEmpty ? end : description.index(after: end)
            }
        }
        return nil
    }
}

extension String {
    fileprivate var withoutReferences: String {
        var text = self
        for (reference, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            text.replace(reference, with: character)
        }
        return text
    }
}
