internal import DomainAssociation
internal import EventLoops
internal import XMPPModel

/// Keeps associations only while their proofs hold: proves each once more before its evidence ends, with the certificate that the
/// peer presented (PT-06, TL-14).
///
/// A refutation ends it at once. Where nothing new can be found out, it lasts until its evidence ends.
extension StreamConnection {
    /// Why a proof is over.
    enum ProofEnd {
        /// The evidence has run out, and there is no other.
        case expired(reason: String)
        /// A prooftype knows by now that the claim is false.
        case refuted(ProofConclusion)
    }

    /// How many proofs are made again in one go, so that others get their turn in between.
    private static let mostAtOnce = 32

    private var pace: ProofPace { switchboard.shared.proofPace }

    /// What a proof rests on may end, or turn against the peer, while the stream lives.
    func watch(_ association: Association) {
        guard let expires = association.expires, basis(of: association) != nil else { return }
        wait(association, expiring: expires, atLeast: 1)
    }

    /// Early enough for an answer, and at the end once more.
    private func wait(_ association: Association, expiring expires: Int64, atLeast least: Int64? = nil) {
        let remaining = expires - switchboard.wallClock()
        let margin = min(pace.mostMargin, max(1, remaining / 10))
        let due = remaining > 2 * pace.leastInterval ? remaining - margin : remaining + 1
        let delay = min(max(due, least ?? pace.leastInterval), pace.longestTimer)
        proofs.wait(association, until: switchboard.loop.now + .seconds(delay), expiring: expires)
        armProofTimer()
    }

    private func armProofTimer() {
        guard let next = proofs.nextDue, next < proofTimerDue else { return }
        proofTimerDue = next
        let delay = max(next - switchboard.loop.now, .milliseconds(1))
        if let proofTimer { return proofTimer.rearm(after: delay) }
        proofTimer = switchboard.loop.scheduleSoon(after: delay) { [weak self] in self?.proveDue() }
    }

    private func proveDue() {
        proofTimerDue = .distantFuture
        for (association, expires) in proofs.takeDue(at: switchboard.loop.now, most: Self.mostAtOnce) {
            proveAgain(association, expiring: expires)
        }
        armProofTimer()
    }

    private func proveAgain(_ association: Association, expiring expires: Int64) {
        let now = switchboard.wallClock()
        guard expires - now <= pace.mostMargin else {
            guard proofs.takeAnswer(about: association) != nil else { return }
            return wait(association, expiring: expires)
        }
        guard let claim = basis(of: association) else { return }
        let known = switchboard.shared.knownKeys.keys(of: claim.claimedDomain)
        let again = claim.repeated(at: now, delegation: claim.delegation, knownKeys: known)
        let deployment = switchboard.deployment
        switchboard.renew(
            again, under: deployment.parts.policy(claim.claimedDomain), of: deployment.number, expiring: expires
        ) { [weak self] renewal in
            guard let self, let expires = proofs.takeAnswer(about: association) else { return }
            conclude(renewal, of: association, expiring: expires)
        }
    }

    private func conclude(_ renewal: EvidenceGatherer.Renewal, of association: Association, expiring expires: Int64) {
        let hasExpired = switchboard.wallClock() > expires
        switch renewal {
        case .proven(let end):
            guard let end else { return }
            guard !hasExpired || end > expires else {
                return proofEnded(association, .expired(reason: "nothing newer proves it"))
            }
            wait(association, expiring: end)
        case .refuted(let conclusion): proofEnded(association, .refuted(conclusion))
        case .undecided(let reason):
            if hasExpired {
                proofEnded(association, .expired(reason: reason))
            } else {
                wait(association, expiring: expires)
            }
        }
    }

    private func proofEnded(_ association: Association, _ end: ProofEnd) {
        log.proofEnded(end)
        let ended = resting(on: association)
        switch end {
        case .expired:
            revoke(ended, for: StreamError(.reset, "the proof of \(association.remoteDomain) has expired"))
        case .refuted(let conclusion):
            switchboard.shared.observe?(.proofConcluded(id, conclusion))
            let error = StreamError(
                .notAuthorized, "the certificate is not what \(association.remoteDomain) publishes any more")
            // Of who is not the peer that was proved nothing more is taken; what waits for it goes elsewhere.
            revoke(ended, for: error, isRefutation: association.direction == .inbound)
        }
    }

    /// The associations that rest on the same proof as one. Most often it is a pair with its reverse, for which thousands of others
    /// are not gone through.
    private func resting(on association: Association) -> [Association] {
        let pairs = [association.pair, association.pair.reversed]
        let nearest = pairs.compactMap(side.association(of:)).filter { ProofWatches.restOnSame($0, association) }
        guard nearest.count < proofs.count(of: association) else { return nearest }
        return side.associations.filter { ProofWatches.restOnSame($0, association) }
    }
}
