/// A part of a DNS message (RFC 1035 §4.1).
public enum DNSMessagePart: String, Hashable, Sendable {
    /// The first twelve octets.
    case header
    /// The question.
    case question
    /// The answer section.
    case answer
    /// The authority section.
    case authority
    /// The additional section.
    case additional
}
