/// Why octets are not one JSON text, or not one that has a single meaning (RFC 8259).
public enum JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The octets are not UTF-8.
    case notUTF8
    /// A character stands where it must not, at this offset in octets.
    case unexpected(at: Int)
    /// The text ends too early.
    case truncated
    /// Something follows the value, at this offset in octets.
    case trailing(at: Int)
    /// A member stands twice in one object, so that readers may differ about it.
    case duplicate(String)
    /// Arrays and objects are nested deeper than this.
    case tooDeep(limit: Int)

    /// The fault in words.
    public var description: String {
        switch self {
        case .notUTF8: "it is not UTF-8"
        case .unexpected(let offset): "it is not JSON: unexpected character at octet \(offset)"
        case .truncated: "it is not JSON: it ends too early"
        case .trailing(let offset): "something follows the JSON value at octet \(offset)"
        case .duplicate(let name): "the member \"\(name.beginning(40))\" stands twice"
        case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
        }
    }
}
