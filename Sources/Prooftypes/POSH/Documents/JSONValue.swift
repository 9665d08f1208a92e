/// A JSON value (RFC 8259 §3), as strictly read by ``JSONReader``.
enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits.
    case integer(Int64)
    /// Any other number: none of a POSH document may be one.
    case otherNumber
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The text, where it is one.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The members, where it is an object.
    var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// The elements, where it is an array.
    var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
}
