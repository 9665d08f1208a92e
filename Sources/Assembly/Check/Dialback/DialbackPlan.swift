internal import Administration
internal import Configuration
internal import DomainAssociation
internal import Federation
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Decides which servers get a key of ours.
///
/// Who has a key for a stream can be taken for our domain on it. So a key goes where the daemon would send one, which
/// ``DialbackRules`` decides, and not to a server that any prooftype refutes, whatever our configuration looks at.
struct DialbackPlan: Sendable {
    let keys: SenderKeys
    /// What our configuration asks of the remote domain.
    let rules: DialbackRules
    /// Every prooftype.
    let strongest: FederationPolicy
    let evidence: Evidence
    /// The TLS version that our configuration asks for.
    let minimumVersion: TLSVersion

    /// Why dialback is not tried with a server; nil where it is.
    func obstacle(to target: ProbedTarget) -> TriedDialback? {
        if case .unknown(let reason, let fix) = keys { return .untried(reason: reason, fix: fix) }
        guard target.supportsDialback else { return .untried(reason: "it is not offered") }
        let place = target.endpoint.name
        let judgement = target.judgement
        if let objection = objection(to: judgement, isEncrypted: target.isEncrypted) {
            return .untried(reason: objection)
        }
        guard target.verdict != .none else { return .untried(reason: "\(place) cannot be used") }
        guard let session = target.outcome.session else {
            guard target.outcome.findings.clear?.startTLS == .absent else {
                return .untried(reason: "it offers TLS and refuses it, after which nothing goes on")
            }
            return nil
        }
        guard session.version >= minimumVersion else {
            return .untried(reason: "tls.minimum_version is \(minimumVersion), and it speaks \(session.version)")
        }
        return nil
    }

    /// How dialback is tried with a server that nothing stands against.
    func trial(with target: ProbedTarget) -> ProbeRun.Trial? {
        guard case .known(let keys) = keys else { return nil }
        let claim = target.judgement.policyConclusion.claim
        let trial = DialbackTrial(keys: keys, allowsClear: !target.isEncrypted)
        return ProbeRun.Trial(dialback: trial) { [self] certificates in
            // Another machine may be behind the address this time, and has to be judged for itself.
            let judgement = EndpointJudgement(
                claim.presenting(certificates), with: evidence, strongest: strongest, under: rules.policy)
            return objection(to: judgement, isEncrypted: true)
        }
    }

    private func objection(to judgement: EndpointJudgement, isEncrypted: Bool) -> String? {
        guard !judgement.isRefused else {
            let isKnown = judgement.conclusion.isRefutation
            return
                (isKnown
                ? "no key is sent to a server that is refuted: "
                : "no key is sent while nobody can say whether the server is refuted: ")
                + judgement.conclusion.explanation
        }
        guard rules.domain(dialled: judgement.policyConclusion, isEncrypted: isEncrypted) == nil else { return nil }
        return rules.refusal(of: judgement.policyConclusion, isEncrypted: isEncrypted)
    }
}

extension DialbackRules {
    /// Why a server that we dialled is not taken, in the operator's words.
    func refusal(of conclusion: ProofConclusion, isEncrypted: Bool) -> String {
        guard policy.isAllowed else { return "the configuration has allow = false" }
        guard isEncrypted || !policy.demandsTLS(of: conclusion.claim.delegation) else {
            return policy.level > .verified
                ? "level = \"\(policy.level.rawValue)\" sends no key where there is no TLS"
                : "no key is sent without TLS where TLSA records are published"
        }
        return "level = \"\(policy.level.rawValue)\" sends no key to a server that is not proved: "
            + conclusion.explanation
    }
}
