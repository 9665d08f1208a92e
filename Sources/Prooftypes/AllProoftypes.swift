public import DomainAssociation

/// Every prooftype, written out by hand; a new one adds its line here.
public enum AllProoftypes {
    /// The names that the configuration may use for what is built.
    public static let names: [ProoftypeName] = ["dane", "posh", "pkix"]

    /// The prooftypes of one policy, in the order of this list.
    ///
    /// - Parameters:
    ///   - enabled: The names that the configuration lists.
    ///   - settings: What they have to know.
    public static func make(enabled: Set<ProoftypeName>, settings: ProoftypeSettings) -> [any Prooftype] {
        let all: [any Prooftype] = [
            dane(settings), POSHProoftype(acceptsSHA1: settings.acceptsPOSHWithSHA1),
            PKIXProoftype(trustStore: settings.trustStore),
        ]
        return all.filter { enabled.contains($0.name) }
    }

    /// What `dane` makes a condition besides whatever proves (DA-08, DA-21).
    ///
    /// - Parameter isRequired: Whether TLSA records have to be there, and to match.
    public static func daneCondition(isRequired: Bool, settings: ProoftypeSettings) -> ProofCondition {
        ProofCondition(dane(settings), isRequired: isRequired)
    }

    /// What `pin_sha256` makes a condition: a key that the operator knows, besides whatever proves.
    public static func pinCondition(_ pins: [[UInt8]]) -> ProofCondition {
        ProofCondition(PinnedKeyProoftype(pins: pins), isRequired: true)
    }

    private static func dane(_ settings: ProoftypeSettings) -> DANEProoftype {
        DANEProoftype(
            trustStore: settings.trustStore, usages: settings.daneUsages, isBinding: settings.isDANEBinding)
    }
}
