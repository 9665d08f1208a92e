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
    private let policy: FederationPolicy
    private let switchboard: Switchboard
    private let completion: (End) -> Void
    private var timer: LoopTimer?
    private var isOver = false

    /// Evidence that lives shorter is looked up no more often than this, in seconds.
    private static let leastInterval: Int64 = 15
    /// How long before its end evidence is looked up at the earliest, in seconds.
    private static let mostMargin: Int64 = 300
    /// A timer of more than a day is of no use on a stream that is closed when idle; it is set anew then.
    private static let longestTimer: Int64 = 86_400

    /// Begins to watch; nil for a proof that never ends.
    ///
    /// - Parameter completion: Called once on the loop, unless cancelled.
    init?(
        _ association: Association, of claim: DomainClaim, under policy: FederationPolicy, on switchboard: Switchboard,
        completion: @escaping (End) -> Void
    ) {
        guard let expires = association.expires else { return nil }
        self.expires = expires
        self.claim = claim
        self.policy = policy
        self.switchboard = switchboard
        self.completion = completion
        wait(atLeast: 1)
    }

    func cancel() {
        isOver = true
        timer?.cancel()
    }

    /// Early enough for an answer, and at the end once more.
    private func wait(atLeast least: Int64 = ProofWatch.leastInterval) {
        let remaining = expires - switchboard.wallClock()
        let margin = min(Self.mostMargin, max(1, remaining / 10))
        let due = remaining > 2 * Self.leastInterval ? remaining - margin : remaining + 1
        timer = switchboard.loop.schedule(after: .seconds(min(max(due, least), Self.longestTimer))) { [weak self] in
            self?.prove()
        }
    }

    private func prove() {
        let now = switchboard.wallClock()
        guard expires - now <= Self.mostMargin else { return wait() }
        let again = DomainClaim(
            pair: claim.pair, side: claim.side, certificates: claim.certificates, moment: now,
            delegation: claim.delegation, service: claim.service)
        switchboard.evidence.renew(again, under: policy, expiring: expires) { [weak self] renewal in
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
