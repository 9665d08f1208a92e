internal import XMPPModel

/// The content of a file of `[[domain]]` tables.
public struct TenantList: Sendable, Hashable {
    /// The tenants in the order of the file; each name once.
    public var domains: [HostedDomain]
    /// What to tell the operator.
    public var warnings: [ConfigurationWarning]
    /// Every file that a tenant names.
    public var referencedFiles: [ReferencedFile]

    init(text: [UInt8], file: String, features: BuiltFeatures) throws(ConfigurationErrors) {
        let report = ConfigurationReport()
        _ = report.begin(file: file)
        var tables = TenantTables()
        if let root = TableReader(text: text, file: file, features: features, report: report) {
            tables.readDomains(of: root)
            root.finish()
            if domainsAreMissing(in: root, tables) {
                root.error("domain", "is missing: the file holds no [[domain]]", mend: "add a [[domain]] with a name")
            }
        }
        try report.throwIfFaulty()
        domains = tables.domains
        warnings = report.orderedWarnings
        referencedFiles = report.referencedFiles
    }
}

private func domainsAreMissing(in root: TableReader, _ tables: TenantTables) -> Bool {
    tables.domains.isEmpty && !root.isSet("domain")
}
