internal import DNSMessages
internal import DNSTransport
internal import DomainAssociation
internal import NameResolution
internal import XMPPModel

/// Performs the lookups that prooftypes ask for, and lets ``ProofCase`` decide.
final class EvidenceGatherer {
    private let resolver: any NameResolver

    init(resolver: any NameResolver) {
        self.resolver = resolver
    }

    /// Has a claim decided. The completion comes at once when nothing has to be looked up, and once in any case: the
    /// resolver answers every question in bounded time.
    func decide(
        _ claim: DomainClaim, under policy: FederationPolicy, completion: @escaping (ProofConclusion) -> Void
    ) {
        Gathering(claim, under: policy, resolver: resolver, completion: completion).begin()
    }
}

/// One claim being decided; it lives as long as one of its lookups is open.
private final class Gathering {
    private let resolver: any NameResolver
    private let completion: (ProofConclusion) -> Void
    private var proofCase: ProofCase
    private var evidence = Evidence()
    /// What this claim may still ask; what goes beyond stays unanswered.
    private var budget = LookupBudget()

    init(
        _ claim: DomainClaim, under policy: FederationPolicy, resolver: any NameResolver,
        completion: @escaping (ProofConclusion) -> Void
    ) {
        proofCase = ProofCase(claim, under: policy)
        self.resolver = resolver
        self.completion = completion
    }

    func begin() { perform(proofCase.handle(.opened)) }

    private func perform(_ actions: [ProofCase.Action]) {
        for action in actions {
            switch action {
            case .concluded(let conclusion):
                completion(conclusion)
            case .gather(let requests):
                for request in requests { gather(request) }
            }
        }
    }

    private func gather(_ request: EvidenceRequest) {
        switch request {
        case .serviceRecords(let domain):
            guard budget.take(LookupBudget.forServices) else {
                return resolver.later { self.perform(self.proofCase.handle(.timedOut)) }
            }
            resolver.services(of: domain) { resolution in
                self.evidence.add(Evidence.ServiceRecords(resolution), of: domain)
                self.perform(self.proofCase.handle(.gathered(self.evidence)))
            }
        }
    }
}

extension Evidence.ServiceRecords {
    /// What a resolution says, as evidence: records that DNSSEC vouches for, or none.
    init(_ resolution: ServiceResolution) {
        switch resolution {
        case .endpoints(let endpoints):
            let secure = endpoints.filter { $0.isFromServiceRecord && $0.security == .secure }
            let records = secure.compactMap { endpoint -> ServiceRecord? in
                guard case .name(let host) = endpoint.host else { return nil }
                // They stand in the order in which they are to be tried, which is all that priorities are for.
                return ServiceRecord(priority: 0, weight: 0, port: endpoint.port, target: host.description)
            }
            let reason = (secure.first ?? endpoints.first)?.reason
            self.init(
                records: records, isSecure: !records.isEmpty,
                detail: reason ?? (records.isEmpty ? "DNSSEC vouches for no service record" : "secure"))
        case .notOffered(let reason):
            self.init(records: [], isSecure: false, detail: reason)
        case .nameDoesNotExist:
            self.init(records: [], isSecure: false, detail: "the domain does not exist in DNS")
        case .failed(let failure):
            self.init(records: [], isSecure: false, detail: "\(failure)")
        }
    }
}
