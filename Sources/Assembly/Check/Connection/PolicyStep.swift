internal import Administration
internal import Configuration
internal import DomainAssociation
internal import Federation
internal import TransportSecurity
internal import XMPPModel

/// Whether our configuration would accept what was found: the last step.
struct PolicyStep {
    let domain: DomainName
    let configuration: Configuration
    let remote: RemotePolicy?
    let rules: DialbackRules
    /// Whether the keys that the daemon remembers could be read.
    let knowsKeys: Bool

    private var policy: FederationPolicy { rules.policy }

    /// The step.
    func step(_ targets: [ProbedTarget]) -> CheckReport.Step {
        let name = "policy"
        let place = remote.map { "[[remote]] \($0.scope)" } ?? "[federation]"
        guard policy.isAllowed else {
            return CheckReport.Step(
                name, .failed, "\(place) has allow = false: no federation with \(domain)", fix: "remove allow = false")
        }
        var refusals: [String] = []
        for target in targets {
            guard let refusal = refusal(of: target) else {
                let acceptance = "\(place) accepts \(domain): \(acceptance(of: target))"
                guard policy.keyChange == .refuse, !knowsKeys else { return CheckReport.Step(name, .ok, acceptance) }
                return CheckReport.Step(
                    name, .warning,
                    "\(acceptance); but key_change is \"refuse\", and the known keys in "
                        + "\(configuration.stateDirectory) cannot be read",
                    fix: "check as the daemon's user")
            }
            if !refusals.contains(refusal) { refusals.append(refusal) }
        }
        let reasons = refusals.isEmpty ? "no server could be asked" : refusals.prefix(3).joined(separator: "; ")
        return CheckReport.Step(
            name, .failed, "\(place), level = \"\(policy.level.rawValue)\", refuses \(domain): \(reasons)",
            fix:
                "mend what stands above, or change level, prooftypes, dane, pin_sha256 or trust_anchors for \(domain) in "
                + "[[remote]]"
        )
    }

    private func acceptance(of target: ProbedTarget) -> String {
        guard case .proven(let proven) = target.judgement.policyConclusion else {
            return "nothing proves it, and level = \"\(policy.level.rawValue)\" takes dialback"
        }
        return "proved by \(proven.prooftype) at \(target.endpoint.name), level = \"\(policy.level.rawValue)\""
    }

    /// Why a server is refused; nil when it is accepted.
    private func refusal(of target: ProbedTarget) -> String? {
        guard target.verdict != .none else {
            return target.judgement.isRefused && !target.certificates.isEmpty
                ? target.judgement.conclusion.explanation : "\(target.endpoint.name) cannot be used"
        }
        if let session = target.outcome.session, configuration.tls.minimumVersion == .tls13, session.version < .tls13 {
            return "tls.minimum_version is 1.3, and \(target.endpoint.name) speaks \(session.version)"
        }
        let conclusion = target.judgement.policyConclusion
        guard rules.domain(dialled: conclusion, isEncrypted: target.isEncrypted) == nil else { return nil }
        guard target.isEncrypted || !policy.demandsTLS(of: target.endpoint.delegation) else { return "there is no TLS" }
        return conclusion.explanation
    }
}
