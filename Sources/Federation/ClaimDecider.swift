package import DNSTransport
package import DomainAssociation

/// Has single claims decided as streams have theirs, for what measures that inside this package.
package final class ClaimDecider {
    private let gatherer: EvidenceGatherer

    /// Makes a decider, on the loop of its sources.
    package init(resolver: any NameResolver, publishedKeys: (any PublishedKeysSource)?) {
        gatherer = EvidenceGatherer(resolver: resolver, publishedKeys: publishedKeys)
    }

    /// Has a claim decided; the completion comes once, at once when nothing has to be looked up.
    package func decide(
        _ claim: DomainClaim, under policy: FederationPolicy, completion: @escaping (ProofConclusion) -> Void
    ) {
        gatherer.decide(claim, under: policy, completion: completion)
    }
}
