/// What DNS says of the way from a domain to the server that was dialled for it (RFC 7712 §5, PT-03), all of it known
/// before connecting.
public struct Delegation: Hashable, Sendable {
    /// The host that was dialled, in A-label form without a final dot, or an address.
    public var host: String
    /// The port that was dialled.
    public var port: UInt16
    /// Whether DNSSEC vouches for the whole way from the domain to the host's name.
    public var isSecure: Bool
    /// Why, down to the record and the key: for operators.
    public var detail: String
    /// When the records that lead there have to be asked for again, in seconds since 1970; nil where nothing is known of
    /// it.
    public var expires: Int64?
    /// Whether DNSSEC vouches for the addresses too (RFC 7673 §3.2).
    public var hasSecureAddresses: Bool
    /// What is known of the endpoint's TLSA records; nil where none were asked for, because the way to them is not secure
    /// (RFC 7673 §3.1).
    public var tlsa: TLSAAnswer?

    /// Makes a delegation.
    public init(
        to host: String, port: UInt16 = 5269, isSecure: Bool, detail: String, expires: Int64? = nil,
        hasSecureAddresses: Bool = false,
        tlsa: TLSAAnswer? = nil
    ) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.detail = detail
        self.expires = expires
        self.hasSecureAddresses = hasSecureAddresses
        self.tlsa = tlsa
    }
}
