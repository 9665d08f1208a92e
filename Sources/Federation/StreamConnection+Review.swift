internal import DomainAssociation
internal import StreamProtocol
internal import XMPPModel

/// What is said of a peer after it was proved.
extension StreamConnection {
    /// Whether the policy under which a peer was judged is still that for its domain: a reload ends pairs that are open already,
    /// and cannot see of one that is being proved whose it will be.
    ///
    /// - Parameter judgedUnder: The deployment under which it was judged; nil where it rests on what was judged before.
    func isJudgedAsNow(_ remote: DomainName, under judgedUnder: Deployment?) -> Bool {
        let present = switchboard.deployment
        guard let judgedUnder, judgedUnder !== present else { return true }
        return present.isAllowed(remote) && present.hasSamePolicy(for: remote, as: judgedUnder)
    }

    /// Whether the pair may still be opened by what was proved at the header (EXTERNAL): under what that was judged is kept,
    /// whatever a key for the same pair comes to in the meantime.
    func mayRestOnEarlierProof(_ pair: DomainPair) -> Bool {
        judged[pair] != nil && side.facts.proven?.claim.pair == pair
    }

    /// Who was not awaited for the proof may still have something to say (PO-21).
    func review(_ association: Association) {
        guard let claim = basis(of: association) else { return }
        switchboard.evidence.review(
            claim, under: deployment.parts.policy(association.remoteDomain),
            besides: association
        ) { [weak self] review in
            self?.proofs.set(review.verdicts, of: association)
            if review.isContradiction { self?.log.contradicted(association, by: review.verdicts) }
        }
    }
}
