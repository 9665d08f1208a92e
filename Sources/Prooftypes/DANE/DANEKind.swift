internal import DomainAssociation

/// DANE in the list of prooftypes; its settings stand in `[federation]`, since they may differ from domain to domain.
struct DANEKind: ProoftypeKind {
    static let name: ProoftypeName = "dane"

    init(_ values: ProoftypeValues) throws(ProoftypeSettingFault) {}

    func prooftype(under settings: ProoftypeSettings) -> any Prooftype {
        DANEProoftype(
            trustStore: settings.trustStore, usages: settings.daneUsages, isBinding: settings.isDANEBinding)
    }
}
