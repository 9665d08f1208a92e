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
