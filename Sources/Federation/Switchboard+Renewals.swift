internal import DomainAssociation
internal import EventLoops

/// Proofs that are made once more, for streams of this loop and of others.
extension Switchboard {
    /// Has a claim proved once more by the loop that owns its domain, so that it costs the same whichever loops its streams
    /// are on.
    ///
    /// - Parameters:
    ///   - deployment: The number of the deployment that the policy is of.
    ///   - expires: When the proof ends so far, in seconds since 1970.
    ///   - completion: Called once, on this loop, and never within the call.
    func renew(
        _ claim: DomainClaim, under policy: FederationPolicy, of deployment: UInt64, expiring expires: Int64,
        completion: @escaping (EvidenceGatherer.Renewal) -> Void
    ) {
        let owner = shared.owner(of: claim.claimedDomain)
        guard owner != index, let there = shared.switchboard(owner) else {
            return evidence.renew(claim, under: policy, of: deployment, expiring: expires, completion: completion)
        }
        let number = evidence.expectRenewal(completion)
        there.post { [shared, index] switchboard in
            switchboard.evidence.renew(claim, under: policy, of: deployment, expiring: expires) { renewal in
                shared.switchboard(index)?.post { $0.evidence.takeRenewal(renewal, for: number) }
            }
        }
    }
}
