/// An address of XMPP: `localpart@domainpart/resourcepart` (RFC 7622 §3.1).
public struct JabberID: Hashable, Sendable, CustomStringConvertible {
    /// The localpart, or nil for a bare domain.
    public let localpart: String?
    /// The domain.
    public let domain: DomainName
    /// The resourcepart, or nil for a bare address.
    public let resourcepart: String?

    /// A bare domain.
    public init(_ domain: DomainName) {
        localpart = nil
        self.domain = domain
        resourcepart = nil
    }

    /// Splits and checks an address.
    ///
    /// - Throws: ``AddressError`` naming the part that breaks its rule.
    public init(_ text: String) throws(AddressError) {
        let bytes = Array(text.utf8)
        let parts = try AddressSyntax.split(bytes[...])
        domain = try DomainName(utf8: bytes[parts.domain])
        localpart = parts.localpart.map { String(decoding: bytes[$0], as: UTF8.self) }
        resourcepart = parts.resourcepart.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The address as it stands on the wire.
    public var description: String {
        (localpart.map { $0 + "@" } ?? "") + domain.description + (resourcepart.map { "/" + $0 } ?? "")
    }
}
