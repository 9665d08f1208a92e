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
            if tables.domains.isEmpty, !root.isSet("domain") {
                root.error("domain", "is missing: the file holds no [[domain]]", mend: "add a [[domain]] with a name")
            }
        }
        try report.throwIfFaulty()
        domains = tables.domains
        warnings = report.orderedWarnings
        referencedFiles = report.referencedFiles
    }

    /// Tenants in the form that ``Configuration/parseTenants(text:file:features:)`` reads, secrets included.
    ///
    /// Paths are written as they are: make them absolute where the text goes to another directory.
    public static func text(of domains: [HostedDomain]) -> String {
        var text = ""
        for domain in domains {
            text += "[[domain]]\n"
            text += "name = \(quoted(domain.name.description))\n"
            switch domain.backend {
            case .component(.text(let secret)): text += "secret = \(quoted(secret))\n"
            case .component(.file(let path)): text += "secret_file = \(quoted(path))\n"
            case .server(let address): text += "backend = \"server\"\nserver = \(quoted(address.description))\n"
            case .builtin: text += "backend = \"builtin\"\n"
            }
            if let certificate = domain.certificate { text += "certificate = \(quoted(certificate))\n" }
            if let privateKey = domain.privateKey { text += "private_key = \(quoted(privateKey))\n" }
            if !domain.poshCertificates.isEmpty {
                text += "posh_certificates = [\(domain.poshCertificates.map(quoted).joined(separator: ", "))]\n"
            }
            for purpose in HostedDomain.contactPurposes {
                guard let addresses = domain.contacts[purpose] else { continue }
                text += "\(purpose)_addresses = [\(addresses.map(quoted).joined(separator: ", "))]\n"
            }
            text += "\n"
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
