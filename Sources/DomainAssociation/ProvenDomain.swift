/// A domain that a peer has proved, by a decision of ``ProofCase`` and nothing else.
///
/// It opens nothing by itself: it becomes an ``Association`` when the stream's authentication is complete.
public struct ProvenDomain: Hashable, Sendable {
    /// The claim that was proved.
    public let claim: DomainClaim
    /// The prooftype that decided.
    public let prooftype: ProoftypeName
    /// What it found.
    public let proof: Proof
    /// The strength that was reached.
    public let level: FederationPolicy.Level
    /// What every prooftype said.
    public let verdicts: [ProofVerdict]
    /// The prooftype that speaks for this very key by the domain's own word or the operator's; nil when none does.
    public let keyWitness: ProoftypeName?
    /// That the domain came with another key than before; nil when it did not, or was not known.
    public let keyChange: KeyChange?
    /// Whose certificate the proof was made on.
    public internal(set) var basis = ProofBasis.peer

    // Internal: outside this module nobody can make one.
    init(
        claim: DomainClaim, prooftype: ProoftypeName, proof: Proof, level: FederationPolicy.Level,
        verdicts: [ProofVerdict], keyWitness: ProoftypeName? = nil, keyChange: KeyChange? = nil
    ) {
        self.claim = claim
        self.prooftype = prooftype
        self.proof = proof
        self.level = level
        self.verdicts = verdicts
        self.keyWitness = keyWitness
        self.keyChange = keyChange
    }

    /// The association that follows once the stream's authentication is complete.
    public func association(by mechanism: Association.Mechanism) -> Association {
        Association(self, mechanism: mechanism)
    }
}
