public import XMPPModel

/// What DNS says of the TLSA records of one endpoint, its addresses and every alias included (RFC 7673 §3.2 to §3.4).
public struct TLSAAnswer: Hashable, Sendable {
    /// What counts of the answer.
    public enum Content: Hashable, Sendable {
        /// DNSSEC vouches for these; at least one.
        case records([TLSARecord])
        /// None that count: proven absent, or not signed, or the addresses are not; as if there were none (DA-07).
        case absent
        /// Bogus, or the lookup failed: never to be read as ``absent``, and the endpoint is not to be contacted (DA-07).
        case unknown
    }

    /// What counts of the answer.
    public var content: Content
    /// The name below which the records stand, a reference identifier too (RFC 7671 §7): the host at the end of secure
    /// aliases where that has records, or else the host as named.
    public var base: String
    /// The port of the endpoint.
    public var port: UInt16
    /// When the answer has to be asked for again, in seconds since 1970; nil where nothing is known of it.
    public var expires: Int64?
    /// Why, down to the record and the key: for operators.
    public var detail: String

    /// Makes an answer.
    public init(_ content: Content, base: String, port: UInt16, expires: Int64? = nil, detail: String = "") {
        self.content = content
        self.base = base
        self.port = port
        self.expires = expires
        self.detail = detail
    }

    /// The owner name of the records, such as `_5269._tcp.host.example` (RFC 6698 §3).
    public var owner: String { "_\(port)._tcp.\(base)" }

    /// The records that DNSSEC vouches for, if any.
    public var records: [TLSARecord] {
        guard case .records(let records) = content else { return [] }
        return records
    }
}
