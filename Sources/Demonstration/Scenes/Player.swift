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
        /// The domain's own records lead to its address, and somebody on the way diverts what is sent there to here,
        /// where another key is than the domain publishes: a stream in clear first, then STARTTLS.
        case diversion
        /// No record leads here: it only dials.
        case none
    }

    /// What the domain publishes of its keys, besides what its certificate says.
    public enum Publication: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// A TLSA record at its server, under DNSSEC (RFC 7673).
        case keyInDNS
        /// A POSH document at the domain's web server that refers to the provider's (RFC 7711 §3.2).
        case referenceOnWeb
    }

    /// Who issued its certificate.
    public enum Issuer: Hashable, Sendable {
        /// The authority that every daemon of the demonstration trusts.
        case trusted
        /// Another one, of the same name.
        case stranger
        /// One that the domain made for itself.
        case itself
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
    /// The provider in whose domain the server has its name, with a certificate for that name alone; nil where the
    /// domain has a server of its own.
    public let provider: String?
    /// Whether the domain's zone is signed; that of a provider always is.
    public let isSigned: Bool
    /// What the domain publishes of its keys.
    public let publication: Publication

    /// Makes a player.
    public init(
        name: String, domain: String, address: String, entrance: Entrance, issuer: Issuer = .trusted,
        provider: String? = nil, isSigned: Bool = true, publication: Publication = .nothing
    ) {
        self.name = name
        self.domain = domain
        self.address = address
        self.entrance = entrance
        self.issuer = issuer
        self.provider = provider
        self.isSigned = isSigned
        self.publication = publication
    }

    /// The name of the server, which the service records lead to.
    var host: String { provider.map { "\(name).\($0)" } ?? "xmpp.\(domain)" }

    /// The name in the certificate.
    var certifiedName: String { provider == nil ? domain : host }
}
