public import DomainAssociation
public import TransportSecurity

/// Every prooftype, written out by hand; a new one adds its line here.
public enum AllProoftypes {
    /// The names that the configuration may use for what is built.
    public static let names: [ProoftypeName] = ["pkix"]

    /// The prooftypes of one policy, in the order of this list.
    ///
    /// - Parameters:
    ///   - enabled: The names that the configuration lists.
    ///   - trustStore: The authorities for this remote domain.
    public static func make(enabled: Set<ProoftypeName>, trustStore: TrustStore) -> [any Prooftype] {
        let all: [any Prooftype] = [
            PKIXProoftype(trustStore: trustStore)
        ]
        return all.filter { enabled.contains($0.name) }
    }
}
