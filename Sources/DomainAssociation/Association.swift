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
    /// Whose certificate the proof was made on.
    public let basis: ProofBasis
    /// What the proof rests on.
    public let prooftype: ProoftypeName
    /// The strength that was reached.
    public let level: FederationPolicy.Level
    /// What the prooftype found.
    public let proof: Proof
    /// What every prooftype said.
    public let verdicts: [ProofVerdict]
    /// The SHA-256 of the certificate that the proof was made on; nil when there was none.
    public let certificateSHA256: [UInt8]?
    /// The SHA-256 of the public key in that certificate; nil when there was none.
    public let publicKeySHA256: [UInt8]?
    /// The prooftype that speaks for this very key by the domain's own word or the operator's; nil when none does.
    public let keyWitness: ProoftypeName?
    /// That the domain came with another key than before; nil when it did not, or was not known.
    public let keyChange: KeyChange?
    /// When the association began, in seconds since 1970.
    public let since: Int64

    // Internal: outside this module nobody can make one.
    init(_ proven: ProvenDomain, mechanism: Mechanism) {
        pair = proven.claim.pair
        direction = proven.claim.side == .sender ? .inbound : .outbound
        isIncoming = proven.claim.side == .sender
        basis = proven.basis
        self.mechanism = mechanism
        prooftype = proven.prooftype
        level = proven.level
        proof = proven.proof
        verdicts = proven.verdicts
        let certificate = proven.basis.certificate(of: proven.claim)
        certificateSHA256 = certificate?.sha256
        publicKeySHA256 = certificate?.subjectPublicKeyInfoSHA256
        keyWitness = proven.keyWitness
        keyChange = proven.keyChange
        since = proven.claim.moment
    }

    /// The domain that is ours.
    public var localDomain: DomainName { isIncoming ? pair.target : pair.sender }
    /// The domain that was proved.
    public var remoteDomain: DomainName { isIncoming ? pair.sender : pair.target }
    /// When the proof ends, in seconds since 1970; nil for never.
    public var expires: Int64? { proof.expires }
}
