internal import DomainAssociation
internal import XMPPModel

/// What is said of a peer after it was proved.
extension StreamConnection {
    /// Whether the policy under which the peer was proved is still that for its domain: a reload ends streams that carry
    /// stanzas already, and cannot see of one that is being negotiated whose it will be.
    func isProvedUnderPresentPolicy(of remote: DomainName?) -> Bool {
        let present = switchboard.deployment
        guard let remote else { return false }
        return present === deployment
            || present.isAllowed(remote) && present.hasSamePolicy(for: remote, as: deployment)
    }

    /// Who was not awaited for the proof may still have something to say (PO-21).
    func review(_ association: Association) {
        guard let claim = basis(of: association) else { return }
        switchboard.evidence.review(
            claim, under: deployment.parts.policy(association.remoteDomain),
            besides: association
        ) { [weak self] review in
            self?.reviews[association.pair] = review
            if review.isContradiction { self?.log.contradicted(association, by: review.verdicts) }
        }
    }

    /// What every prooftype said of a pair, by now.
    func verdicts(of association: Association) -> [ProofVerdict] {
        let late = reviews[association.pair]?.verdicts ?? []
        return association.verdicts.map { verdict in late.first { $0.prooftype == verdict.prooftype } ?? verdict }
    }
}
