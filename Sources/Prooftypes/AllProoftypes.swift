public import DomainAssociation

/// Every prooftype, written out by hand; a new one adds its line here.
public enum AllProoftypes {
    /// What there is, in the order in which reasons are reported.
    public static let kinds: [any ProoftypeKind.Type] = [
        DANEKind.self,
        POSHKind.self,
        PKIXKind.self,
    ]

    /// The names that the configuration may use for what is built.
    public static var names: [ProoftypeName] { kinds.map { $0.name } }

    /// The prooftypes of one policy, in the order of the kinds.
    ///
    /// - Parameters:
    ///   - kinds: Those that the configuration has settled.
    ///   - enabled: The names that the policy lists.
    ///   - settings: What they have to know of the policy.
    public static func make(
        _ kinds: [any ProoftypeKind], enabled: Set<ProoftypeName>, settings: ProoftypeSettings
    ) -> [any Prooftype] {
        kinds.filter { enabled.contains(type(of: $0).name) }.map { $0.prooftype(under: settings) }
    }

    /// What `dane` makes a condition besides whatever proves (DA-08, DA-21).
    ///
    /// - Parameters:
    ///   - isRequired: Whether TLSA records have to be there, and to match.
    ///   - settings: What DANE has to know of the policy.
    public static func daneCondition(isRequired: Bool, settings: ProoftypeSettings) -> ProofCondition {
        ProofCondition(
            DANEProoftype(
                trustStore: settings.trustStore, usages: settings.daneUsages, isBinding: settings.isDANEBinding),
            isRequired: isRequired)
    }

    /// What `pin_sha256` makes a condition: a key that the operator knows, besides whatever proves.
    ///
    /// - Parameter pins: SHA-256 digests of SubjectPublicKeyInfo.
    public static func pinCondition(_ pins: [[UInt8]]) -> ProofCondition {
        ProofCondition(PinnedKeyProoftype(pins: pins), isRequired: true)
    }
}
