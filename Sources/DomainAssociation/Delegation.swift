/// What DNS says of the way from a domain to the server that was dialled for it (RFC 7712 §5, PT-03).
public struct Delegation: Hashable, Sendable {
    /// The host that was dialled, in A-label form without a final dot, or an address.
    public var host: String
    /// Whether DNSSEC vouches for the whole way.
    public var isSecure: Bool
    /// Why, down to the record and the key: for operators.
    public var detail: String

    /// Makes a delegation.
    public init(to host: String, isSecure: Bool, detail: String) {
        self.host = host
        self.isSecure = isSecure
        self.detail = detail
    }
}
