internal import DomainAssociation
internal import EventLoops
internal import XMPPModel

/// Keeps an association only while its proof holds: proves the claim again before the evidence ends, with the certificate
/// that the peer presented (PT-06, TL-14).
///
/// A refutation ends it at once. Where nothing new can be found out, it lasts until its evidence ends.
final class ProofWatch {
    /// Why an association is over.
    enum End {
        /// The evidence has run out, and there is no other.
        case expired(reason: String)
        /// A prooftype knows by now that the claim is false.
        case refuted(ProofConclusion)
    }

    /// When the proof ends as far as is known by now, in seconds since 1970.
    private(set) var expires: Int64

    private let claim: DomainClaim
    private let switchboard: Switchboard
    private let completion: (End) -> Void
    private var timer: LoopTimer?
    private var isOver = false

    private var pace: ProofPace { switchboard.shared.proofPace }

    /// Begins to watch; nil for a proof that never ends.
    ///
    /// - Parameter completion: Called once on the loop, unless cancelled.
    init?(
        _ association: Association, of claim: DomainClaim, on switchboard: Switchboard,
        completion: @escaping (End) -> Void
    ) {
        guard let expires = association.expires else { return nil }
        self.expires = expires
        self.claim = claim
        self.switchboard = switchboard
        self.completion = completion
        wait(atLeast: 1)
    }

    func cancel() {
        isOver = true
        timer?.cancel()
    }

    /// Early enough for an answer, and at the end once more.
    private func wait(atLeast least: Int64? = nil) {
        let remaining = expires - switchboard.wallClock()
        let margin = min(pace.mostMargin, max(1, remaining / 10))
        let due = remaining > 2 * pace.leastInterval ? remaining - margin : remaining + 1
        let delay = min(max(due, least ?? pace.leastInterval), pace.longestTimer)
        timer = switchboard.loop.schedule(after: .seconds(delay)) { [weak self] in
            self?.prove()
        }
    }

    private func prove() {
        let now = switchboard.wallClock()
        guard expires - now <= pace.mostMargin else { return wait() }
        let known = switchboard.shared.knownKeys.keys(of: claim.claimedDomain)
        let again = claim.repeated(at: now, delegation: claim.delegation, knownKeys: known)
        let deployment = switchboard.deployment
        switchboard.renew(
            again, under: deployment.parts.policy(claim.claimedDomain), of: deployment.number, expiring: expires
        ) { [weak self] renewal in
            guard let self, !isOver else { return }
            conclude(renewal)
        }
    }

    private func conclude(_ renewal: EvidenceGatherer.Renewal) {
        let hasExpired = switchboard.wallClock() > expires
        switch renewal {
        case .proven(let end):
            guard let end else { return }
            guard !hasExpired || end > expires else { return finish(.expired(reason: "nothing newer proves it")) }
            expires = end
            wait()
        case .refuted(let conclusion): finish(.refuted(conclusion))
        case .undecided(let reason): if hasExpired { finish(.expired(reason: reason)) } else { wait() }
        }
    }

    private func finish(_ end: End) {
        cancel()
        completion(end)
    }
}
