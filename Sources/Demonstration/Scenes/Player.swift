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

    /// How it deals with other servers.
    public struct Conduct: Hashable, Sendable {
        /// Whether it shows its certificate to servers that it dials; otherwise they have to dial it back.
        public var presentsCertificate = true
        /// Whether several pairs of domains may be on one of its streams.
        public var sharesStreams = true
        /// Whether stanzas may go both ways on one connection (XEP-0288).
        public var usesBothDirections = false

        /// That of most servers.
        public init() {}

        /// Shows no certificate when it dials.
        static let withholding: Conduct = {
            var conduct = Conduct()
            conduct.presentsCertificate = false
            return conduct
        }()

        /// Takes stanzas both ways on one connection.
        static let bothDirections: Conduct = {
            var conduct = Conduct()
            conduct.usesBothDirections = true
            return conduct
        }()
    }

    /// The name in the account, a short one; also its folder.
    public let name: String
    /// The domain that it hosts, with an echo service behind it.
    public let domain: String
    /// Further domains that it hosts: their records lead to the same server, and its certificate names them too.
    public let furtherDomains: [String]
    /// The loopback address that it listens on.
    public let address: String
    /// What the domain's service records say.
    public let entrance: Entrance
    /// Who issued its certificate.
    public var issuer: Issuer
    /// The provider in whose domain the server has its name, with a certificate for that name alone; nil where the
    /// domain has a server of its own.
    public let provider: String?
    /// Whether the domain's zone is signed; that of a provider always is.
    public let isSigned: Bool
    /// What the domain publishes of its keys.
    public let publication: Publication
    /// How it deals with other servers.
    public var conduct: Conduct

    /// Makes a player.
    public init(
        name: String, domain: String, furtherDomains: [String] = [], address: String, entrance: Entrance,
        issuer: Issuer = .trusted, provider: String? = nil, isSigned: Bool = true,
        publication: Publication = .nothing, conduct: Conduct = Conduct()
    ) {
        self.name = name
        self.domain = domain
        self.furtherDomains = furtherDomains
        self.address = address
        self.entrance = entrance
        self.issuer = issuer
        self.provider = provider
        self.isSigned = isSigned
        self.publication = publication
        self.conduct = conduct
    }

    /// All that it hosts.
    var domains: [String] { [domain] + furtherDomains }

    /// The name of the server, which the service records lead to.
    var host: String { provider.map { "\(name).\($0)" } ?? "xmpp.\(domain)" }

    /// The names in the certificate.
    var certifiedNames: [String] { provider == nil ? domains : [host] }
}
