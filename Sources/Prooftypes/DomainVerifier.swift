public import DomainAssociation
public import TransportSecurity

/// Verifies that a peer speaks for a domain, for programs that bring their own lookups.
///
/// It holds a policy and nothing else; a value of it can be used for any number of claims, at the same time too. Whatever
/// the caller cannot answer is no proof: a claim is proved only by evidence that was added.
public struct DomainVerifier: Sendable {
    /// What the evidence at hand amounts to.
    public enum Progress: Hashable, Sendable {
        /// These are needed before there is a conclusion, or a better one.
        case needs([EvidenceRequest])
        /// The conclusion.
        case concluded(ProofConclusion)
    }

    /// Rounds of questions after which nothing new is asked; the prooftypes of this package need three at most.
    public static let mostRounds = 8

    /// What proves, and what has to agree besides.
    public let policy: FederationPolicy

    /// A verifier under a policy of the caller's own, with prooftypes of its own perhaps.
    public init(policy: FederationPolicy) {
        self.policy = policy
    }

    /// A verifier by DANE, POSH and PKIX, as the daemon does it by default: whichever of them proves, and TLSA records that
    /// are published and do not match refute (RFC 7712 §5, RFC 6698 §4.1).
    ///
    /// - Parameters:
    ///   - trustStore: The authorities for PKIX, and for TLSA records that demand PKIX as well.
    ///   - requiresDANE: Whether TLSA records have to be there, and to match.
    public init(trustStore: TrustStore, requiresDANE: Bool = false) {
        let settings = ProoftypeSettings(trustStore: trustStore)
        policy = FederationPolicy(
            prooftypes: [
                DANEProoftype(trustStore: trustStore), POSHProoftype(), PKIXProoftype(trustStore: trustStore),
            ], conditions: [AllProoftypes.daneCondition(isRequired: requiresDANE, settings: settings)])
    }

    /// Judges a claim by the evidence at hand.
    ///
    /// Answer what is needed, add it to the evidence, and ask again. A question that has been asked and cannot be answered
    /// stays needed; ``conclude(_:with:)`` ends the matter then.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Progress {
        var proofCase = ProofCase(claim, under: policy)
        for action in proofCase.handle(.gathered(evidence)) {
            switch action {
            case .gather(let requests): return .needs(requests)
            case .concluded(let conclusion): return .concluded(conclusion)
            }
        }
        return .concluded(conclude(claim, with: evidence))
    }

    /// Judges a claim by the evidence at hand and no more: what is missing will never be known, and proves nothing.
    public func conclude(_ claim: DomainClaim, with evidence: Evidence) -> ProofConclusion {
        ProofCase.conclude(claim, under: policy, with: evidence)
    }

    /// Judges a claim, and has the caller look up what is needed for it.
    ///
    /// - Parameters:
    ///   - claim: Who claims what.
    ///   - gather: Adds answers to the requests to the evidence, in bounded time. What it leaves out counts as what could not
    ///     be found out, and is not asked for again.
    public func verify(
        _ claim: DomainClaim, gathering gather: ([EvidenceRequest], inout Evidence) async -> Void
    ) async -> ProofConclusion {
        var evidence = Evidence()
        var asked: Set<EvidenceRequest> = []
        for _ in 0..<Self.mostRounds {
            guard case .needs(let requests) = assess(claim, with: evidence) else { break }
            let fresh = requests.filter { asked.insert($0).inserted }
            guard !fresh.isEmpty else { break }
            await gather(fresh, &evidence)
        }
        return conclude(claim, with: evidence)
    }
}
