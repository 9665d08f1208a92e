/// One claim on its way to a conclusion: the one place that decides whether a domain is proved.
///
/// Every prooftype of the policy is asked together. A refutation ends the case against the claim at once, whatever the
/// others say; a proof ends it in favour when all have answered, since one who is still waiting may come to refute.
public struct ProofCase: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The case begins.
        case opened
        /// Answers to earlier requests; all evidence gathered so far.
        case gathered(Evidence)
        /// What has not been answered by now never will be.
        case timedOut
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Look these up and come back with ``Event/gathered(_:)``.
        case gather([EvidenceRequest])
        /// The case is closed.
        case concluded(ProofConclusion)
    }

    private let claim: DomainClaim
    private let policy: FederationPolicy
    private var requested: Set<EvidenceRequest> = []
    private var evidence = Evidence()
    private var isConcluded = false

    /// Opens a case.
    public init(_ claim: DomainClaim, under policy: FederationPolicy) {
        self.claim = claim
        self.policy = policy
    }

    /// Takes what happened and says what is to be done. After a conclusion nothing more is said.
    public mutating func handle(_ event: Event) -> [Action] {
        guard !isConcluded else { return [] }
        switch event {
        case .opened: return judge(isFinal: false)
        case .gathered(let evidence):
            self.evidence = evidence
            return judge(isFinal: false)
        case .timedOut: return judge(isFinal: true)
        }
    }

    private mutating func judge(isFinal: Bool) -> [Action] {
        guard policy.isAllowed else {
            return conclude(.refused(claim, [verdict("policy", .refuted, "the domain is blocked by configuration")]))
        }
        var verdicts: [ProofVerdict] = []
        var proofs: [(ProoftypeName, Proof)] = []
        var needed: [EvidenceRequest] = []
        var isWaiting = false
        for prooftype in policy.prooftypes {
            switch prooftype.assess(claim, with: evidence) {
            case .needs where isFinal:
                verdicts.append(verdict(prooftype.name, .inconclusive, "its lookups were not answered in time"))
            case .needs(let requests):
                isWaiting = true
                needed += requests.filter { requested.insert($0).inserted }
                verdicts.append(verdict(prooftype.name, .inconclusive, "still waiting for lookups"))
            case .proven(let proof):
                let matched = proof.findings.first?.value ?? "proved"
                verdicts.append(verdict(prooftype.name, .proven, matched))
                proofs.append((prooftype.name, withDelegation(proof)))
            case .inconclusive(let reason): verdicts.append(verdict(prooftype.name, .inconclusive, reason))
            case .refuted(let reason): verdicts.append(verdict(prooftype.name, .refuted, reason))
            }
        }
        if verdicts.contains(where: { $0.result == .refuted }) { return conclude(.refused(claim, verdicts)) }
        if isWaiting { return needed.isEmpty ? [] : [.gather(needed)] }
        if let (name, proof) = proofs.first {
            // A prooftype is the strongest that there is, so every level is reached (PT-05).
            let proven = ProvenDomain(
                claim: claim, prooftype: name, proof: proof, level: .authenticated, verdicts: verdicts)
            return conclude(.proven(proven))
        }
        return conclude(.refused(claim, verdicts))
    }

    private mutating func conclude(_ conclusion: ProofConclusion) -> [Action] {
        isConcluded = true
        return [.concluded(conclusion)]
    }

    /// The way to the peer is part of the evidence, whichever prooftype decided.
    private func withDelegation(_ proof: Proof) -> Proof {
        guard let delegation = claim.delegation else { return proof }
        var proof = proof
        proof.hasSecureDelegation = proof.hasSecureDelegation || delegation.isSecure
        proof.findings.append(Proof.Finding(name: "delegation", value: delegation.detail))
        return proof
    }

    private func verdict(_ name: ProoftypeName, _ result: ProofVerdict.Result, _ reason: String) -> ProofVerdict {
        ProofVerdict(prooftype: name, result: result, reason: reason)
    }
}
