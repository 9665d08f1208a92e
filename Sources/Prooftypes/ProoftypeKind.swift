public import DomainAssociation

/// A prooftype as the daemon knows it: its name, the settings of its own, and how it is made for a remote domain.
///
/// It stands in the folder of its prooftype and has a line in ``AllProoftypes/kinds``; nothing else has to know of it.
public protocol ProoftypeKind: Sendable {
    /// The name in `prooftypes` and in `associations`, and of its section in the configuration.
    static var name: ProoftypeName { get }
    /// The keys of that section; none unless it says otherwise.
    static var settings: [ProoftypeSetting] { get }

    /// Takes over what the section says, once for each reading of the configuration.
    ///
    /// - Throws: ``ProoftypeSettingFault``: the key, what is wrong, and the mend.
    init(_ values: ProoftypeValues) throws(ProoftypeSettingFault)

    /// The prooftype under the policy for one remote domain.
    func prooftype(under settings: ProoftypeSettings) -> any Prooftype
}

extension ProoftypeKind {
    /// No settings of its own.
    public static var settings: [ProoftypeSetting] { [] }
}
