/// One daemon of the demonstration: which domain it speaks for, and how others reach it.
public struct Player: Hashable, Sendable {
    /// What the domain's service records say.
    public enum Entrance: Hashable, Sendable {
        /// `_xmpp-server`: a stream in clear first, then STARTTLS.
        case startTLS
        /// `_xmpps-server`: TLS from the first byte (XEP-0368).
        case directTLS
        /// The domain's own records lead elsewhere. Forged ones lead here, put into the answers that the others get:
        /// a stream in clear first, then STARTTLS.
        case interception
        /// No record leads here: it only dials.
        case none
    }

    /// Who issued its certificate.
    public enum Issuer: Hashable, Sendable {
        /// The authority that every daemon of the demonstration trusts.
        case trusted
        /// Another one, of the same name.
        case stranger
    }

    /// The name in the account, a short one; also its folder.
    public let name: String
    /// The domain that it hosts, with an echo service behind it.
    public let domain: String
    /// The loopback address that it listens on.
    public let address: String
    /// What the domain's service records say.
    public let entrance: Entrance
    /// Who issued its certificate.
    public let issuer: Issuer

    /// Makes a player.
    public init(name: String, domain: String, address: String, entrance: Entrance, issuer: Issuer = .trusted) {
        self.name = name
        self.domain = domain
        self.address = address
        self.entrance = entrance
        self.issuer = issuer
    }
}
