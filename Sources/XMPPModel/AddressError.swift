/// Why a text is not an address of XMPP (RFC 7622).
public enum AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The domainpart is missing.
    case emptyDomain
    /// The domainpart has more than 1023 octets, or its form with A-labels more than the 253 that fit into DNS.
    case domainTooLong(octets: Int)
    /// A label of the domain is empty, longer than 63 octets as an A-label, or begins or ends with a hyphen.
    case invalidLabel(String)
    /// The domain holds a code point that IDNA2008 does not allow.
    case disallowedCodePoint(String)
    /// The localpart is empty, longer than 1023 octets, or holds a character that RFC 7622 §3.3 forbids.
    case invalidLocalpart
    /// The resourcepart is empty, longer than 1023 octets, or holds a control character.
    case invalidResourcepart
    /// The text is not UTF-8.
    case invalidEncoding

    /// What is wrong, in words for an operator.
    public var description: String {
        switch self {
        case .emptyDomain: "the domain is empty"
        case .domainTooLong(let octets): "the domain has \(octets) octets; \(octets > 1023 ? 1023 : 253) are allowed"
        case .invalidLabel(let label): "“\(label)” is not a label of a domain name"
        case .disallowedCodePoint(let domain): "“\(domain)” holds a character that domain names do not allow"
        case .invalidLocalpart: "the part before the @ is empty, too long or holds a forbidden character"
        case .invalidResourcepart: "the part after the / is empty, too long or holds a control character"
        case .invalidEncoding: "the address is not UTF-8"
        }
    }
}
