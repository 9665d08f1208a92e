internal import DNSTransport
internal import DomainAssociation
internal import EventLoops
internal import NameResolution
internal import XMPPModel

/// Performs the lookups that prooftypes ask for, and lets ``ProofCase`` decide.
final class EvidenceGatherer {
    private let resolver: any NameResolver
    private let loop: EventLoop

    init(resolver: any NameResolver, loop: EventLoop) {
        self.resolver = resolver
        self.loop = loop
    }

    /// Has a claim decided. The completion comes at once when nothing has to be looked up.
    func decide(
        _ claim: DomainClaim, under policy: FederationPolicy, completion: @escaping (ProofConclusion) -> Void
    ) {
        var proofCase = ProofCase(claim, under: policy)
        advance(&proofCase, with: .opened, Evidence(), completion)
    }

    private func advance(
        _ proofCase: inout ProofCase, with event: ProofCase.Event, _ evidence: Evidence,
        _ completion: @escaping (ProofConclusion) -> Void
    ) {
        for action in proofCase.handle(event) {
            switch action {
            case .concluded(let conclusion): completion(conclusion)
            case .gather(let requests):
                var evidence = evidence
                for request in requests { answer(request, in: &evidence) }
                advance(&proofCase, with: .gathered(evidence), evidence, completion)
            }
        }
    }

    private func answer(_ request: EvidenceRequest, in evidence: inout Evidence) {
        switch request {
        case .serviceRecords(let domain):
            // A resolver that validates nothing can vouch for nothing, so asking it would prove nothing (CM-14).
            evidence.add(Evidence.ServiceRecords(records: [], isSecure: false), of: domain)
        }
    }
}
