internal import DNSMessages
internal import DNSTransport
internal import DomainAssociation
internal import NameResolution
internal import XMPPModel

/// One claim being decided; it lives as long as one of its lookups is open.
final class Gathering {
    private let resolver: any NameResolver
    private let publishedKeys: (any PublishedKeysSource)?
    private let completion: (ProofConclusion) -> Void
    private var proofCase: ProofCase
    private var evidence = Evidence()
    private var budget = LookupBudget()
    /// The moment of the claim, in seconds since 1970.
    private let moment: Int64

    private static let exhausted = "the claim has cost too many lookups already"

    init(
        _ claim: DomainClaim, under policy: FederationPolicy, resolver: any NameResolver,
        publishedKeys: (any PublishedKeysSource)?, completion: @escaping (ProofConclusion) -> Void
    ) {
        proofCase = ProofCase(claim, under: policy)
        moment = claim.moment
        self.resolver = resolver
        self.publishedKeys = publishedKeys
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
        case .serviceRecords(let domain): gatherServices(of: domain)
        case .tlsaRecords(let host, let port): gatherTLSA(of: host, port)
        case .publishedKeys(let domain, let service):
            gatherPublishedKeys(of: domain, service)
        }
    }

    private func gatherServices(of domain: DomainName) {
        guard budget.take(LookupBudget.forServices) else {
            return answer {
                $0.add(
                    Evidence.ServiceRecords(records: [], isSecure: false, isUnknown: true, detail: Self.exhausted),
                    of: domain)
            }
        }
        resolver.services(of: domain) { resolution in
            self.evidence.add(Evidence.ServiceRecords(resolution, at: self.moment), of: domain)
            self.advance()
        }
    }

    private func gatherTLSA(of host: String, _ port: UInt16) {
        // An address has no name that records could stand below.
        guard case .name(let name)? = try? ServiceHost(host) else {
            return answer { evidence in
                evidence.add(
                    TLSAAnswer(.absent, base: host, port: port, detail: "the server is named by an address"),
                    host: host, port: port)
            }
        }
        guard budget.take(2 + TLSASearch.maximumQuestions) else {
            return answer { evidence in
                evidence.add(
                    TLSAAnswer(.unknown, base: host, port: port, detail: Self.exhausted), host: host, port: port)
            }
        }
        resolver.tlsaRecords(of: name, port: port) { resolution in
            self.evidence.add(TLSAAnswer(resolution, port: port, at: self.moment), host: host, port: port)
            self.advance()
        }
    }

    private func gatherPublishedKeys(of domain: DomainName, _ service: ClaimedService) {
        guard let publishedKeys else {
            return answer {
                $0.add(PublishedKeys(.none(reason: "POSH documents are not retrieved here")), of: domain, for: service)
            }
        }
        publishedKeys.publishedKeys(of: domain, for: service) { keys in
            self.evidence.add(keys, of: domain, for: service)
            self.advance()
        }
    }

    /// Answers without a question; never within the call that asked.
    private func answer(_ add: (inout Evidence) -> Void) {
        add(&evidence)
        resolver.later { self.advance() }
    }

    private func advance() { perform(proofCase.handle(.gathered(evidence))) }
}
