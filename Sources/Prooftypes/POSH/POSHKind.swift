internal import DomainAssociation

/// POSH in the list of prooftypes; `posh_sha1` stands in `[federation]`, since it may differ from domain to domain.
struct POSHKind: ProoftypeKind {
    static let name: ProoftypeName = "posh"

    init(_ values: ProoftypeValues) throws(ProoftypeSettingFault) {}

    func prooftype(under settings: ProoftypeSettings) -> any Prooftype {
        POSHProoftype(acceptsSHA1: settings.acceptsPOSHWithSHA1)
    }
}
