/// The name of a prooftype as the configuration and `associations` write it, such as `pkix`.
public struct ProoftypeName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Makes a name.
    public init(_ description: String) { self.description = description }

    /// Makes a name of a literal.
    public init(stringLiteral value: String) { description = value }
}

/// What a prooftype found: the material of a proof, for people and for `associations --json`.
public struct Proof: Hashable, Sendable {
    /// One finding.
    public struct Finding: Hashable, Sendable {
        /// The name of the field, such as `issuer`.
        public var name: String
        /// The value as text.
        public var value: String
    }

    /// The findings in the order in which they are shown.
    public var findings: [Finding]
    /// When the proof ends, in seconds since 1970; nil for never.
    public var expires: Int64?
    /// Whether secure DNS led to the peer (PT-03).
    public var hasSecureDelegation: Bool

    /// Makes a proof.
    public init(_ findings: KeyValuePairs<String, String>, expires: Int64?, hasSecureDelegation: Bool = false) {
        self.findings = findings.map { Finding(name: $0.key, value: $0.value) }
        self.expires = expires
        self.hasSecureDelegation = hasSecureDelegation
    }
}

/// What a prooftype says of a claim.
public enum Assessment: Hashable, Sendable {
    /// Nothing can be said before these are answered.
    case needs([EvidenceRequest])
    /// The claim is proved.
    case proven(Proof)
    /// This prooftype cannot prove the claim; another one may.
    case inconclusive(reason: String)
    /// The claim is false, whatever another prooftype says (RFC 6698 §4.1).
    case refuted(reason: String)
}

/// A way to prove that a peer speaks for a domain (RFC 7712 §7): a pure function from claim and evidence.
///
/// It states the proof, the matching rule, where its material comes from, and whether it needs secure DNS (PT-01). It
/// never waits: it says what it still needs.
public protocol Prooftype: Sendable {
    /// The name that the configuration and `associations` use.
    var name: ProoftypeName { get }

    /// Judges a claim by the evidence at hand.
    func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment
}
