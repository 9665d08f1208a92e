/// A way to prove that a peer speaks for a domain (RFC 7712 §7): a pure function from claim and evidence.
///
/// It states the proof, the matching rule, where its material comes from, and whether it needs secure DNS (PT-01). It
/// never waits: it says what it still needs.
public protocol Prooftype: Sendable {
    /// The name that the configuration and `associations` use.
    var name: ProoftypeName { get }

    /// Whether its proof explains that a domain comes with another key than before: its material is the domain's own word,
    /// or the operator's, on this very key. By default it does not.
    var explainsKeyChanges: Bool { get }

    /// Judges a claim by the evidence at hand.
    func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment
}

extension Prooftype {
    /// Whoever gets a certificate for a domain has a new key; an authority's word explains nothing.
    public var explainsKeyChanges: Bool { false }
}
