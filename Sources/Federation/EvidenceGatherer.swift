internal import DNSMessages
internal import DNSTransport
internal import DomainAssociation
internal import NameResolution
internal import XMPPModel

/// Performs the lookups that prooftypes ask for, and lets ``ProofCase`` decide.
final class EvidenceGatherer {
    /// What came of proving once more what was proved before.
    enum Renewal: Sendable {
        /// It holds, until a moment in seconds since 1970; nil for ever.
        case proven(until: Int64?)
        /// A prooftype knows that it is false.
        case refuted(ProofConclusion)
        /// Nothing proves it at present, and nothing speaks against it.
        case undecided(reason: String)
    }

    /// What a renewal is about: it is made once for each remote domain and certificate, and not for each pair.
    private struct Subject: Hashable {
        var domain: DomainName
        var side: DomainClaim.Side
        var certificate: [UInt8]?
        var host: String?
        var port: UInt16?
        /// Whose policy it is made under: after a reload another may hold, under which nothing of this counts.
        var deployment: UInt64
    }

    private let resolver: any NameResolver
    private let publishedKeys: (any PublishedKeysSource)?
    private var waiting: [Subject: [(Renewal) -> Void]] = [:]
    private var expected: [UInt64: (Renewal) -> Void] = [:]
    private var nextNumber: UInt64 = 0
    /// When what was proved once more ends, for those who ask a little later.
    private var renewed: [Subject: Int64] = [:]

    /// Renewals remembered at most.
    private static let capacity = 4096

    init(resolver: any NameResolver, publishedKeys: (any PublishedKeysSource)? = nil) {
        self.resolver = resolver
        self.publishedKeys = publishedKeys
    }

    /// Has a claim decided. The completion comes at once when nothing has to be looked up, and once in any case: the
    /// resolver answers every question in bounded time.
    func decide(
        _ claim: DomainClaim, under policy: FederationPolicy, completion: @escaping (ProofConclusion) -> Void
    ) {
        Gathering(
            claim, under: policy, resolver: resolver, publishedKeys: publishedKeys, completion: completion
        ).begin()
    }

    /// Has a claim decided of a server that was dialled some time ago: the way to it is looked up once more, and with it what is
    /// published there. What was known when it was dialled may be what is refuted by now (PT-06, PS-02).
    func decideAnew(
        _ claim: DomainClaim, under policy: FederationPolicy, completion: @escaping (ProofConclusion) -> Void
    ) {
        withFreshDelegation(claim) { result in
            switch result {
            case .success(let claim): self.decide(claim, under: policy, completion: completion)
            // Nothing is known of the way, and so nobody is asked.
            case .failure: completion(.refused(claim, []))
            }
        }
    }

    /// Has what a domain publishes by POSH on its way before anybody asks for it (PO-20).
    func expectPublishedKeys(of domain: DomainName) {
        publishedKeys?.publishedKeys(of: domain, for: .server) { _ in }
    }

    /// Has those say their word who were not awaited when a peer was proved; nobody waits for it.
    ///
    /// - Parameter completion: Called once where anybody has to be asked.
    func review(
        _ claim: DomainClaim, under policy: FederationPolicy, besides association: Association,
        completion: @escaping (LateReview) -> Void
    ) {
        guard let publishedKeys,
            !LateReview.prooftypes(of: policy, for: claim, besides: association).isEmpty
        else { return }
        publishedKeys.publishedKeys(of: claim.claimedDomain, for: claim.service) { keys in
            LateReview(of: claim, under: policy, besides: association, given: keys).map(completion)
        }
    }

    // MARK: - Once more

    /// Remembers whom the answer of another loop is for; the number under which it will come.
    func expectRenewal(_ completion: @escaping (Renewal) -> Void) -> UInt64 {
        nextNumber += 1
        expected[nextNumber] = completion
        return nextNumber
    }

    /// Another loop has answered.
    func takeRenewal(_ renewal: Renewal, for number: UInt64) { expected.removeValue(forKey: number)?(renewal) }

    /// Proves once more what was proved before, on evidence that is looked up anew.
    ///
    /// - Parameters:
    ///   - claim: The claim at the present moment.
    ///   - deployment: The number of the deployment that the policy is of.
    ///   - expires: When the proof ends so far, in seconds since 1970.
    func renew(
        _ claim: DomainClaim, under policy: FederationPolicy, of deployment: UInt64, expiring expires: Int64,
        completion: @escaping (Renewal) -> Void
    ) {
        let subject = Subject(
            domain: claim.claimedDomain, side: claim.side, certificate: claim.certificates.first?.sha256,
            host: claim.delegation?.host, port: claim.delegation?.port, deployment: deployment)
        if let end = renewed[subject], end > expires, end > claim.moment {
            return resolver.later { completion(.proven(until: end)) }
        }
        guard waiting[subject] == nil else {
            waiting[subject]?.append(completion)
            return
        }
        waiting[subject] = [completion]
        withFreshDelegation(claim) { result in
            switch result {
            case .failure(let failure): self.conclude(subject, .undecided(reason: "\(failure)"))
            case .success(let claim): self.decide(claim, under: policy) { self.conclude(subject, Renewal($0)) }
            }
        }
    }

    /// The way to a server that we dialled may lead elsewhere by now, or be secure no more.
    private func withFreshDelegation(
        _ claim: DomainClaim, completion: @escaping (Result<DomainClaim, LookupFailure>) -> Void
    ) {
        guard let former = claim.delegation else { return completion(.success(claim)) }
        let domain = claim.claimedDomain
        resolver.services(of: domain) { resolution in
            if case .failed(let failure) = resolution { return completion(.failure(failure)) }
            let endpoint = resolution.endpoints.first { $0.host.description == former.host && $0.port == former.port }
            let delegation =
                endpoint.map { Delegation(to: $0, at: claim.moment) }
                ?? Delegation(
                    to: former.host, port: former.port, isSecure: false,
                    detail: "the service records of \(domain) lead there no more")
            completion(
                .success(claim.repeated(at: claim.moment, delegation: delegation, knownKeys: claim.knownKeys)))
        }
    }

    private func conclude(_ subject: Subject, _ renewal: Renewal) {
        if case .proven(let end?) = renewal {
            if renewed.count >= Self.capacity { renewed = [:] }
            renewed[subject] = end
        } else {
            renewed[subject] = nil
        }
        for completion in waiting.removeValue(forKey: subject) ?? [] { completion(renewal) }
    }
}

extension EvidenceGatherer.Renewal {
    /// What a conclusion says of a claim that was proved before.
    init(_ conclusion: ProofConclusion) {
        switch conclusion {
        case .proven(let domain): self = .proven(until: domain.proof.expires)
        case .refused where conclusion.isRefutation: self = .refuted(conclusion)
        case .refused: self = .undecided(reason: conclusion.explanation)
        }
    }
}
