/// One claim on its way to a conclusion: the one place that decides whether a domain is proved.
///
/// Every prooftype of the policy is asked together. A refutation ends the case against the claim at once, whatever the
/// others say; a proof ends it in favour without waiting for the rest, except for the policy's condition, which is always
/// awaited, since it may come to refute.
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

    /// How things stand with the condition.
    private enum ConditionState {
        case met, unmet, open
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
            let blocked = ProofVerdict(
                prooftype: "policy", result: .refuted, reason: "the domain is blocked by configuration")
            return conclude(.refused(claim, [blocked]))
        }
        let statements = ask()
        if statements.contains(where: \.isRefutation) { return refuse(statements, isFinal) }
        switch condition(statements, isFinal) {
        case .unmet: return refuse(statements, isFinal)
        case .open: return wait(statements)
        case .met: break
        }
        // Who is still waiting could only add to what is proved already.
        if let proven = firstProof(statements, isFinal) { return conclude(.proven(proven)) }
        return isFinal || !statements.contains(where: \.isOpen) ? refuse(statements, isFinal) : wait(statements)
    }

    // MARK: - Asking

    /// The condition is asked first, and only once when it proves as well.
    private func ask() -> [ProofStatement] {
        var statements: [ProofStatement] = []
        let listed = policy.prooftypes
        if let condition = policy.condition?.prooftype, !listed.contains(where: { $0.name == condition.name }) {
            statements.append(
                ProofStatement(
                    prooftype: condition.name, proves: false, assessment: condition.assess(claim, with: evidence)))
        }
        for prooftype in listed {
            // What the policy's condition is made of decides, should the list hold another of its name.
            let judge = policy.condition.map { $0.prooftype.name == prooftype.name ? $0.prooftype : prooftype }
            statements.append(
                ProofStatement(
                    prooftype: prooftype.name, proves: true,
                    assessment: (judge ?? prooftype).assess(claim, with: evidence)))
        }
        return statements
    }

    private mutating func wait(_ statements: [ProofStatement]) -> [Action] {
        let needed = statements.flatMap(\.requests).filter { requested.insert($0).inserted }
        return needed.isEmpty ? [] : [.gather(needed)]
    }

    private func condition(_ statements: [ProofStatement], _ isFinal: Bool) -> ConditionState {
        guard let condition = policy.condition,
            let statement = statements.first(where: { $0.prooftype == condition.prooftype.name })
        else { return .met }
        switch statement.assessment {
        case .proven: return .met
        case .inconclusive: return condition.isRequired ? .unmet : .met
        case .unavailable, .refuted: return .unmet
        case .needs: return isFinal ? .unmet : .open
        }
    }

    // MARK: - Concluding

    /// A prooftype is the strongest that there is, so every level is reached (PT-05).
    private func firstProof(_ statements: [ProofStatement], _ isFinal: Bool) -> ProvenDomain? {
        for statement in statements where statement.proves {
            guard case .proven(var proof) = statement.assessment else { continue }
            // What the policy asks for besides holds no longer than what it rests on.
            if let end = conditionEnd(statements) { proof.expires = min(proof.expires ?? end, end) }
            return ProvenDomain(
                claim: claim, prooftype: statement.prooftype, proof: withDelegation(proof), level: .authenticated,
                verdicts: verdicts(statements, isFinal))
        }
        return nil
    }

    private func conditionEnd(_ statements: [ProofStatement]) -> Int64? {
        guard let name = policy.condition?.prooftype.name,
            case .proven(let proof)? = statements.first(where: { $0.prooftype == name })?.assessment
        else { return nil }
        return proof.expires
    }

    private mutating func refuse(_ statements: [ProofStatement], _ isFinal: Bool) -> [Action] {
        conclude(.refused(claim, verdicts(statements, isFinal)))
    }

    private mutating func conclude(_ conclusion: ProofConclusion) -> [Action] {
        isConcluded = true
        return [.concluded(conclusion)]
    }

    private func verdicts(_ statements: [ProofStatement], _ isFinal: Bool) -> [ProofVerdict] {
        statements.map { statement in
            let verdict = statement.verdict(isFinal: isFinal)
            guard verdict.result == .inconclusive, let condition = policy.condition, condition.isRequired,
                condition.prooftype.name == verdict.prooftype
            else { return verdict }
            return ProofVerdict(
                prooftype: verdict.prooftype, result: verdict.result,
                reason: "required by the policy, but \(verdict.reason)")
        }
    }

    /// The way to the peer is part of the evidence, whichever prooftype decided.
    private func withDelegation(_ proof: Proof) -> Proof {
        guard let delegation = claim.delegation else { return proof }
        var proof = proof
        proof.hasSecureDelegation = proof.hasSecureDelegation || delegation.isSecure
        proof.findings.append(Proof.Finding(name: "delegation", value: delegation.detail))
        return proof
    }
}
