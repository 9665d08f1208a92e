/// Why something is not a name that DNS can carry (RFC 1035 §2.3.4).
public enum DNSNameError: Error, Hashable, Sendable {
    /// Two dots in a row, a dot in front, or nothing at all.
    case emptyLabel
    /// A label of more than 63 octets.
    case labelTooLong(octets: Int)
    /// More than 255 octets on the wire.
    case nameTooLong(octets: Int)
    /// A blank, a control character, or a character outside ASCII; convert U-labels to A-labels first.
    case notASCII
    /// An escape that is cut short, or wire octets that are not one whole name.
    case malformed
}

extension DNSNameError: CustomStringConvertible {
    /// The error in words, for an operator.
    public var description: String {
        switch self {
        case .emptyLabel: "it has an empty label"
        case .labelTooLong(let octets): "a label has \(octets) octets, and 63 are the most"
        case .nameTooLong(let octets): "it has \(octets) octets, and 255 are the most"
        case .notASCII: "it holds a blank, a control character, or one outside ASCII"
        case .malformed: "an escape in it is cut short, or it is not one whole name"
        }
    }
}
