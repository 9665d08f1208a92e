/// One claim on its way to a conclusion: the one place that decides whether a domain is proved.
///
/// Every prooftype of the policy is asked together. A refutation ends the case against the claim at once, whatever the
/// others say; a proof ends it in favour without waiting for the rest, with two exceptions. The policy's conditions are
/// always awaited, since they may come to refute. And a key that the domain was not proved with before waits for whoever
/// could explain it; nothing but this decides what a key is worth that nobody explains.
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

    /// How things stand with the conditions.
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

    /// Decides a claim on the evidence at hand: what is missing will never be known, and proves nothing.
    public static func conclude(
        _ claim: DomainClaim, under policy: FederationPolicy, with evidence: Evidence
    ) -> ProofConclusion {
        var proofCase = ProofCase(claim, under: policy)
        for event in [Event.gathered(evidence), .timedOut] {
            for case .concluded(let conclusion) in proofCase.handle(event) { return conclusion }
        }
        return .refused(claim, [])
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
        switch conditions(statements, isFinal) {
        case .unmet: return refuse(statements, isFinal)
        case .open: return wait(statements)
        case .met: break
        }
        // Who is still waiting could only add to what is proved already.
        if let prover = statements.first(where: { $0.proves && $0.agrees }) {
            return settle(prover, statements, isFinal)
        }
        return isFinal || !statements.contains(where: \.isOpen) ? refuse(statements, isFinal) : wait(statements)
    }

    // MARK: - Asking

    /// Conditions are asked first, and only once where they prove as well.
    private func ask() -> [ProofStatement] {
        var statements: [ProofStatement] = []
        let listed = policy.prooftypes
        for condition in policy.conditions {
            let prooftype = condition.prooftype
            guard !listed.contains(where: { $0.name == prooftype.name }),
                !statements.contains(where: { $0.prooftype == prooftype.name })
            else { continue }
            statements.append(statement(of: prooftype, proves: false))
        }
        for prooftype in listed {
            // What the policy's condition is made of decides, should the list hold another of its name.
            let judge = policy.conditions.first { $0.prooftype.name == prooftype.name }?.prooftype
            statements.append(statement(of: judge ?? prooftype, proves: true))
        }
        return statements
    }

    private func statement(of prooftype: any Prooftype, proves: Bool) -> ProofStatement {
        ProofStatement(
            prooftype: prooftype.name, proves: proves, explainsKeyChanges: prooftype.explainsKeyChanges,
            assessment: prooftype.assess(claim, with: evidence))
    }

    private mutating func wait(_ statements: [ProofStatement]) -> [Action] {
        let needed = statements.flatMap(\.requests).filter { requested.insert($0).inserted }
        return needed.isEmpty ? [] : [.gather(needed)]
    }

    /// One that is not met decides; else one that is open is awaited.
    private func conditions(_ statements: [ProofStatement], _ isFinal: Bool) -> ConditionState {
        var isOpen = false
        for condition in policy.conditions {
            switch state(of: condition, statements, isFinal) {
            case .met: break
            case .unmet: return .unmet
            case .open: isOpen = true
            }
        }
        return isOpen ? .open : .met
    }

    private func state(
        of condition: ProofCondition, _ statements: [ProofStatement], _ isFinal: Bool
    ) -> ConditionState {
        guard let statement = statements.first(where: { $0.prooftype == condition.prooftype.name }) else { return .met }
        switch statement.assessment {
        case .proven: return .met
        case .inconclusive: return condition.isRequired ? .unmet : .met
        case .unavailable, .refuted: return .unmet
        case .needs: return isFinal ? .unmet : .open
        }
    }

    // MARK: - Continuity

    /// Something proves the claim. Whether it is the server that was proved before is another question, which only the
    /// domain's own word, or the operator's, can answer; that is awaited then, and only then.
    private mutating func settle(
        _ prover: ProofStatement, _ statements: [ProofStatement], _ isFinal: Bool
    ) -> [Action] {
        let explanation = statements.first(where: \.explainsKey)
        guard let change = KeyChange(in: claim, under: policy.keyChange, explanation: explanation?.prooftype) else {
            return prove(by: prover, statements, isFinal, explanation?.prooftype, nil)
        }
        if explanation == nil, !isFinal, statements.contains(where: { $0.explainsKeyChanges && $0.isOpen }) {
            return wait(statements)
        }
        guard explanation == nil, policy.keyChange == .refuse else {
            return prove(by: prover, statements, isFinal, explanation?.prooftype, change)
        }
        return conclude(.refused(claim, verdicts(statements, isFinal) + [refusal(of: change.summary)]))
    }

    /// Dialback and encryption take what no prooftype proves (PT-05), but no server with another key than those that are
    /// known, where such are refused: an interceptor would only have to present what proves nothing.
    private func breach(_ statements: [ProofStatement]) -> [ProofVerdict] {
        guard policy.keyChange == .refuse, claim.side == .target, !claim.knownKeys.isEmpty,
            !statements.contains(where: \.explainsKey)
        else { return [] }
        guard !claim.certificates.isEmpty else {
            return [refusal(of: "no certificate was presented, and \(claim.claimedDomain) was proved with keys before")]
        }
        return KeyChange(in: claim, under: .refuse, explanation: nil).map { [refusal(of: $0.summary)] } ?? []
    }

    private func refusal(of change: String) -> ProofVerdict {
        ProofVerdict(
            prooftype: .continuity, result: .refuted,
            reason: "\(change), and the policy refuses what is not explained")
    }

    // MARK: - Concluding

    /// A prooftype is the strongest that there is, so every level is reached (PT-05).
    private mutating func prove(
        by prover: ProofStatement, _ statements: [ProofStatement], _ isFinal: Bool, _ witness: ProoftypeName?,
        _ change: KeyChange?
    ) -> [Action] {
        guard case .proven(var proof) = prover.assessment else { return [] }
        // What the policy asks for besides holds no longer than what it rests on.
        let ends = [proof.expires] + policy.conditions.map { end(of: $0, statements) }
        proof.expires = ends.compactMap(\.self).min()
        proof = withDelegation(proof)
        var verdicts = verdicts(statements, isFinal)
        if let change {
            proof.findings.append(Proof.Finding(name: "key_change", value: change.summary))
            if change.explanation == nil {
                verdicts.append(
                    ProofVerdict(prooftype: .continuity, result: .inconclusive, reason: change.summary))
            }
        }
        return conclude(
            .proven(
                ProvenDomain(
                    claim: claim, prooftype: prover.prooftype, proof: proof, level: .authenticated,
                    verdicts: verdicts, keyWitness: witness, keyChange: change)))
    }

    private func end(of condition: ProofCondition, _ statements: [ProofStatement]) -> Int64? {
        let statement = statements.first { $0.prooftype == condition.prooftype.name }
        guard case .proven(let proof)? = statement?.assessment else { return nil }
        return proof.expires
    }

    private mutating func refuse(_ statements: [ProofStatement], _ isFinal: Bool) -> [Action] {
        conclude(.refused(claim, verdicts(statements, isFinal) + breach(statements)))
    }

    private mutating func conclude(_ conclusion: ProofConclusion) -> [Action] {
        isConcluded = true
        return [.concluded(conclusion)]
    }

    private func verdicts(_ statements: [ProofStatement], _ isFinal: Bool) -> [ProofVerdict] {
        statements.map { statement in
            let verdict = statement.verdict(isFinal: isFinal)
            guard verdict.result == .inconclusive,
                policy.conditions.contains(where: { $0.isRequired && $0.prooftype.name == verdict.prooftype })
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
