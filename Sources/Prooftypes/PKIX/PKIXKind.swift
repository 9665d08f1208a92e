internal import DomainAssociation

/// PKIX in the list of prooftypes; its settings are those of `[tls]`.
struct PKIXKind: ProoftypeKind {
    static let name: ProoftypeName = "pkix"

    init(_ values: ProoftypeValues) throws(ProoftypeSettingFault) {}

    func prooftype(under settings: ProoftypeSettings) -> any Prooftype {
        PKIXProoftype(trustStore: settings.trustStore)
    }
}
