internal import Administration
internal import DomainAssociation
internal import Federation
internal import XMPPModel

/// Whether somebody who speaks for the remote domain and presents no certificate can be believed here: what we dial back
/// has to be proved (one-way authentication, RFC 7712 §4.3).
struct OneWayStep {
    /// The remote domain.
    let domain: DomainName
    /// The domain of ours that it would want; nil for any.
    let local: DomainName?
    /// What dialback is worth for the remote domain.
    let rules: DialbackRules

    /// The step; nil where nobody can be dialled, or the configuration wants nothing of the domain.
    func step(_ targets: [ProbedTarget]) -> CheckReport.Step? {
        let servers = targets.filter { $0.endpoint.refusal == nil && $0.outcome.failure == nil }
        guard rules.policy.isAllowed, !servers.isEmpty else { return nil }
        let name = "one-way"
        var refusals: [String] = []
        for target in servers where target.supportsDialback && target.verdict != .none {
            switch decision(on: target) {
            case .proven(let proven): return CheckReport.Step(name, .ok, words(proven, at: target.endpoint.name))
            case .refused(let refusal):
                if !refusals.contains(refusal.explanation) { refusals.append(refusal.explanation) }
            }
        }
        guard !refusals.isEmpty else {
            return CheckReport.Step(
                name, .absent,
                "no usable server of \(domain) offers dialback: who speaks for it has to present a certificate")
        }
        return CheckReport.Step(
            name, .warning,
            "who speaks for \(domain) has to present a certificate, since its servers would not be believed: "
                + refusals.prefix(3).joined(separator: "; "),
            fix: "mend what stands above; below level \"authenticated\" less will do")
    }

    /// What the word of a server is worth, by the rules that the daemon goes by.
    private func decision(on target: ProbedTarget) -> DialbackQuestion.Decision {
        let conclusion = target.judgement.policyConclusion
        let claim = DomainClaim(
            pair: DomainPair(sender: domain, target: local ?? domain), side: .sender, certificates: [],
            moment: conclusion.claim.moment)
        let server = AuthoritativeServer(
            conclusion, isEncrypted: target.isEncrypted, address: target.endpoint.name)
        var question = DialbackQuestion(claim, isEncrypted: true, streamID: "check", key: "")
        return question.accept(.valid(server), under: rules)
            ?? .refused(DialbackRefusal(.notAcceptable, "it was not asked"))
    }

    private func words(_ proven: ProvenDomain, at place: String) -> String {
        let beginning = "who speaks for \(domain) without a certificate is asked about at \(place), "
        return switch proven.level {
        case .authenticated: beginning + "which \(proven.prooftype) proves: level \"authenticated\""
        case .encrypted: beginning + "for which DNS and TLS speak: level \"encrypted\""
        case .verified: beginning + "for which DNS alone speaks: level \"verified\""
        }
    }
}
