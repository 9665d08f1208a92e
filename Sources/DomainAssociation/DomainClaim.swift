public import XMPPModel

/// "This peer speaks for its side of this pair": what a prooftype is asked to judge.
public struct DomainClaim: Hashable, Sendable {
    /// Which domain of the pair is the peer's.
    public enum Side: String, Hashable, Sendable {
        /// The peer opened the stream: it claims the sender domain (RFC 7712 §4.1).
        case sender
        /// We opened the stream: the peer claims the target domain.
        case target
    }

    /// The pair that the stream is to carry.
    public let pair: DomainPair
    /// Which side of it the peer claims.
    public let side: Side
    /// What the peer presented in the TLS handshake, leaf first; empty when it presented none.
    public let certificates: [PeerCertificate]
    /// The moment of asking, in seconds since 1970.
    public let moment: Int64
    /// Large, and nil of every peer that came to us, so that it is kept apart.
    private let way: Way?
    /// What the peer claims to be for the domain.
    public let service: ClaimedService
    /// The keys that the claimed domain was proved with before; empty for a domain that is seen for the first time.
    public let knownKeys: [KnownKey]

    private indirect enum Way: Hashable, Sendable {
        case delegation(Delegation)
    }

    /// Makes a claim.
    public init(
        pair: DomainPair, side: Side, certificates: [PeerCertificate], moment: Int64, delegation: Delegation? = nil,
        service: ClaimedService = .server, knownKeys: [KnownKey] = []
    ) {
        self.pair = pair
        self.side = side
        self.certificates = certificates
        self.moment = moment
        way = delegation.map { .delegation($0) }
        self.service = service
        self.knownKeys = knownKeys
    }

    /// How DNS led us to the peer; nil where the peer came to us, or the configuration named it.
    public var delegation: Delegation? {
        switch way {
        case .delegation(let delegation): delegation
        case nil: nil
        }
    }

    /// The same claim at another moment, with what is known by then.
    public func repeated(at moment: Int64, delegation: Delegation?, knownKeys: [KnownKey]) -> DomainClaim {
        DomainClaim(
            pair: pair, side: side, certificates: certificates, moment: moment, delegation: delegation,
            service: service, knownKeys: knownKeys)
    }

    /// The same claim by whoever presents these certificates, leaf first.
    public func presenting(_ certificates: [PeerCertificate]) -> DomainClaim {
        DomainClaim(
            pair: pair, side: side, certificates: certificates, moment: moment, delegation: delegation,
            service: service, knownKeys: knownKeys)
    }

    /// The reference identity: ours to know, never read from the certificate (CM-01).
    public var claimedDomain: DomainName {
        switch side {
        case .sender: pair.sender
        case .target: pair.target
        }
    }
}
