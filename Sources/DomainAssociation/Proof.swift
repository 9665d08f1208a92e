/// What a prooftype found: the material of a proof, for people and for `associations --json`.
public struct Proof: Hashable, Sendable {
    /// One finding.
    public struct Finding: Hashable, Sendable {
        /// The name of the field, such as `issuer`.
        public var name: String
        /// The value as text.
        public var value: String

        /// Makes a finding.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The findings in the order in which they are shown.
    public var findings: [Finding]
    /// When the proof ends, in seconds since 1970; nil for never.
    public var expires: Int64?
    /// Whether secure DNS led to the peer (PT-03).
    public var hasSecureDelegation: Bool
    /// Whether the material names the peer's own certificate or key, and not only an authority, which certifies others for
    /// the same domain: without that no new key is explained (``Prooftype/explainsKeyChanges``).
    public var namesKey: Bool

    /// Makes a proof.
    public init(
        _ findings: KeyValuePairs<String, String>, expires: Int64?, hasSecureDelegation: Bool = false,
        namesKey: Bool = true
    ) {
        self.findings = findings.map { Finding(name: $0.key, value: $0.value) }
        self.expires = expires
        self.hasSecureDelegation = hasSecureDelegation
        self.namesKey = namesKey
    }
}
