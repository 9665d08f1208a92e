public import DNSMessages

/// The addresses of one family that a host has.
public struct AddressResolution: Hashable, Sendable {
    /// The family that this is about.
    public let family: IPAddress.Family
    /// The addresses in the order of the answer; empty when there are none, or nobody knows.
    public let addresses: [IPAddress]
    /// How far the answer can be trusted: what TLSA records of the host rest on (RFC 7671 §5).
    public let security: SecurityStatus
    /// The name at the end of the aliases, a candidate base for TLSA records (RFC 7671 §7); nil for a literal.
    public let canonicalName: DNSName?
    /// Why nobody knows; nil when the answer, even an empty one, is one.
    public let failure: LookupFailure?

    /// The addresses in an answer to a question for A or AAAA.
    public init(_ family: IPAddress.Family, from answer: Answer) {
        self.family = family
        addresses = answer.records.compactMap { record in
            switch record.data {
            case .a(let address), .aaaa(let address): address
            case .srv, .cname, .ns, .soa, .tlsa, .other: nil
            }
        }
        security = answer.security
        canonicalName = answer.canonicalName
        failure = answer.failure
    }

    /// The family's share of a literal: the address itself, or nothing.
    public init(_ family: IPAddress.Family, literal: IPAddress) {
        self.family = family
        addresses = literal.family == family ? [literal] : []
        security = .insecure
        canonicalName = nil
        failure = nil
    }
}
