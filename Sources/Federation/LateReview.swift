internal import DomainAssociation

/// What prooftypes say after all of a peer that was proved without waiting for them.
///
/// It changes nothing of the proof, but an operator wants to know when a domain publishes other keys than the one that
/// an authority has vouched for (PO-21).
struct LateReview {
    /// What they say.
    let verdicts: [ProofVerdict]
    /// Whether the domain publishes keys, and none of them is the peer's.
    let isContradiction: Bool

    /// Asks the prooftypes of a policy that judge by published keys; nil when none of them had to wait for those.
    ///
    /// - Parameter former: What was said when the peer was proved.
    init?(of claim: DomainClaim, under policy: FederationPolicy, besides former: Association, given keys: PublishedKeys)
    {
        let late = Self.prooftypes(of: policy, for: claim, besides: former)
        guard !late.isEmpty else { return nil }
        var evidence = Evidence()
        evidence.add(keys, of: claim.claimedDomain, for: claim.service)
        let conclusion = ProofCase.conclude(claim, under: FederationPolicy(prooftypes: late), with: evidence)
        verdicts = conclusion.verdicts
        if case .proven = conclusion { isContradiction = false } else { isContradiction = keys.material != nil }
    }

    /// Those that could say nothing before they know what the domain publishes.
    static func prooftypes(
        of policy: FederationPolicy, for claim: DomainClaim, besides former: Association
    ) -> [any Prooftype] {
        let request = EvidenceRequest.publishedKeys(of: claim.claimedDomain, for: claim.service)
        return policy.prooftypes.filter { prooftype in
            guard prooftype.name != former.prooftype,
                case .needs(let requests) = prooftype.assess(claim, with: Evidence())
            else { return false }
            return requests.contains(request)
        }
    }
}
