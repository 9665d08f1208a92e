internal import Administration
internal import DomainAssociation
internal import XMPPModel

/// What the prooftypes say of one server: each for itself, and all of them together as the daemon asks them.
///
/// ``ProofCase`` decides here as in the daemon. Since a proof ends a case, each prooftype has one of its own, so that every
/// verdict is heard with its reason (CC-05).
struct EndpointJudgement {
    /// One prooftype's verdict.
    struct Statement {
        let name: ProoftypeName
        let proof: CheckReport.Proof
    }

    /// Each prooftype, in the order in which the assembly lists them.
    let statements: [Statement]
    /// All prooftypes together, with TLSA records as a condition: what the strictest peer could rely on.
    let conclusion: ProofConclusion
    /// The same by our configuration.
    let policyConclusion: ProofConclusion

    /// Judges a claim on evidence that is complete.
    ///
    /// - Parameters:
    ///   - strongest: Every prooftype, with TLSA records as a condition.
    ///   - policy: What our configuration asks for.
    init(
        _ claim: DomainClaim, with evidence: Evidence, strongest: FederationPolicy, under policy: FederationPolicy
    ) {
        statements = strongest.prooftypes.map { prooftype in
            let alone = FederationPolicy(prooftypes: [prooftype])
            let conclusion = ProofCase.conclude(claim, under: alone, with: evidence)
            return Statement(
                name: prooftype.name, proof: Self.proof(prooftype.name, conclusion, of: claim, with: evidence))
        }
        conclusion = ProofCase.conclude(claim, under: strongest, with: evidence)
        policyConclusion = ProofCase.conclude(claim, under: policy, with: evidence)
    }

    /// Whether something speaks against the server that no proof outweighs (DA-07, DA-08).
    var isRefused: Bool { conclusion.isRefutation || conclusion.isUnavailable }

    // MARK: - In words

    private static func proof(
        _ name: ProoftypeName, _ conclusion: ProofConclusion, of claim: DomainClaim, with evidence: Evidence
    ) -> CheckReport.Proof {
        let reason = conclusion.verdicts.first?.reason ?? conclusion.explanation
        switch conclusion {
        case .proven(let proven):
            var findings: [String: String] = [:]
            for finding in proven.proof.findings {
                findings[finding.name] = findings[finding.name].map { "\($0); \(finding.value)" } ?? finding.value
            }
            findings["expires"] = proven.proof.expires.map { Timestamp(secondsSince1970: $0).description }
            return CheckReport.Proof(result: .proven, reason: reason, evidence: findings)
        case .refused:
            return CheckReport.Proof(
                result: isAbsent(name, claim, evidence) ? .absent : .failed, reason: reason,
                evidence: material(name, claim, evidence))
        }
    }

    /// Whether there is nothing that the prooftype could be applied to.
    private static func isAbsent(_ name: ProoftypeName, _ claim: DomainClaim, _ evidence: Evidence) -> Bool {
        switch name {
        case "dane":
            guard let delegation = claim.delegation, delegation.isSecure else { return true }
            return delegation.tlsa.map { $0.content == .absent } ?? true
        case "posh":
            return switch evidence.publishedKeys(of: claim.claimedDomain, for: claim.service)?.content {
            case .none?, .unanswered?: true
            case .material?, .invalid?, .refused?, nil: claim.certificates.isEmpty
            }
        default: return claim.certificates.isEmpty
        }
    }

    /// What a prooftype that did not prove was applied to.
    private static func material(
        _ name: ProoftypeName, _ claim: DomainClaim, _ evidence: Evidence
    ) -> [String: String] {
        var material: [String: String] = [:]
        switch name {
        case "dane": material["owner"] = claim.delegation?.tlsa?.owner
        case "posh":
            material["url"] = evidence.publishedKeys(of: claim.claimedDomain, for: claim.service)?.finalURL
        default: break
        }
        if let leaf = claim.certificates.first {
            material["subject"] = leaf.subject
            material["sha256"] = leaf.sha256Text
        }
        return material
    }
}
