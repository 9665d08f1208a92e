/// What one prooftype finally said of a claim; kept for successes and failures alike.
public struct ProofVerdict: Hashable, Sendable, CustomStringConvertible {
    /// How it ended.
    public enum Result: String, Hashable, Sendable {
        case proven, inconclusive, refuted
    }

    /// The prooftype.
    public let prooftype: ProoftypeName
    /// How it ended.
    public let result: Result
    /// Why; for a proof, what matched.
    public let reason: String

    /// For logs: `pkix: certificate expired`.
    public var description: String { "\(prooftype): \(reason)" }
}

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

    // Internal: outside this module nobody can make one.
    init(
        claim: DomainClaim, prooftype: ProoftypeName, proof: Proof, level: FederationPolicy.Level,
        verdicts: [ProofVerdict]
    ) {
        self.claim = claim
        self.prooftype = prooftype
        self.proof = proof
        self.level = level
        self.verdicts = verdicts
    }

    /// The association that follows once the stream's authentication is complete.
    public func association(by mechanism: Association.Mechanism) -> Association {
        Association(self, mechanism: mechanism)
    }
}

/// How a proof case ended.
public enum ProofConclusion: Hashable, Sendable {
    /// The peer speaks for the claimed domain.
    case proven(ProvenDomain)
    /// It does not, as far as anybody can tell; the verdicts say why.
    case refused(DomainClaim, [ProofVerdict])

    /// The claim that was judged.
    public var claim: DomainClaim {
        switch self {
        case .proven(let domain): domain.claim
        case .refused(let claim, _): claim
        }
    }

    /// The reasons in one line, for logs and for the text of a bounce.
    public var explanation: String {
        switch self {
        case .proven(let domain): domain.verdicts.map(\.description).joined(separator: "; ")
        case .refused(_, let verdicts):
            verdicts.isEmpty ? "no prooftype is enabled" : verdicts.map(\.description).joined(separator: "; ")
        }
    }
}
