public import XMPPModel

/// A pair established, not claimed: the only key that opens the router.
public struct Association: Hashable, Sendable {
    /// How the remote domain was proved on its stream.
    public enum Mechanism: String, Hashable, Sendable {
        /// SASL EXTERNAL (RFC 6120 §6).
        case external
        /// Server dialback (XEP-0220).
        case dialback
        /// A further sender domain on an existing stream (RFC 7712 §4.4.1).
        case assertion
        /// A further target domain on an existing stream (RFC 7712 §4.4.2).
        case supposition
        /// The certificate of the server that we dialled.
        case serverIdentity = "server-identity"
    }

    /// Who opened the stream on which the remote domain was proved.
    public enum Direction: String, Hashable, Sendable {
        /// The remote domain opened it; stanzas come in.
        case inbound
        /// We opened it; stanzas go out.
        case outbound
    }

    /// The pair; stanzas flow from its sender to its target.
    public internal(set) var pair: DomainPair
    /// Who opened the stream.
    public internal(set) var direction: Direction
    /// Whether stanzas come in under it; otherwise they go out. It differs from ``direction`` on streams of both
    /// directions alone (XEP-0288).
    public internal(set) var isIncoming: Bool
    /// How the remote domain was proved on its stream.
    public internal(set) var mechanism: Mechanism
    /// Seconds since 1970 until 2106: small, since it is what differs between associations that share all else.
    private let begun: UInt32
    /// One for all pairs that rest on the same proof, of which there may be thousands on a stream.
    private var grounds: AssociationGrounds

    // Internal: outside this module nobody can make one.
    init(_ proven: ProvenDomain, mechanism: Mechanism) {
        pair = proven.claim.pair
        direction = proven.claim.side == .sender ? .inbound : .outbound
        isIncoming = proven.claim.side == .sender
        self.mechanism = mechanism
        begun = UInt32(clamping: proven.claim.moment)
        grounds = AssociationGrounds(proven)
    }

    /// The same with what is equal in another one kept once for both: of thousands of pairs on a stream, many rest on the same
    /// certificate.
    public func sharing(_ other: Association) -> Association {
        var association = self
        association.grounds = grounds.sharing(other.grounds)
        return association
    }

    /// Whose certificate the proof was made on.
    public var basis: ProofBasis { grounds.content.basis }
    /// What the proof rests on.
    public var prooftype: ProoftypeName { grounds.content.prooftype }
    /// The strength that was reached.
    public var level: FederationPolicy.Level { grounds.content.level }
    /// What the prooftype found.
    public var proof: Proof { grounds.content.proof }
    /// What every prooftype said.
    public var verdicts: [ProofVerdict] { grounds.content.verdicts }
    /// The SHA-256 of the certificate that the proof was made on; nil when there was none.
    public var certificateSHA256: [UInt8]? { grounds.content.certificateSHA256 }
    /// The SHA-256 of the public key in that certificate; nil when there was none.
    public var publicKeySHA256: [UInt8]? { grounds.content.publicKeySHA256 }
    /// The prooftype that speaks for this very key by the domain's own word or the operator's; nil when none does.
    public var keyWitness: ProoftypeName? { grounds.content.keyWitness }
    /// That the domain came with another key than before; nil when it did not, or was not known.
    public var keyChange: KeyChange? { grounds.content.keyChange?.value }
    /// When the association began, in seconds since 1970.
    public var since: Int64 { Int64(begun) }

    /// The domain that is ours.
    public var localDomain: DomainName { isIncoming ? pair.target : pair.sender }
    /// The domain that was proved.
    public var remoteDomain: DomainName { isIncoming ? pair.sender : pair.target }
    /// When the proof ends, in seconds since 1970; nil for never.
    public var expires: Int64? { grounds.content.proof.expires }
}
