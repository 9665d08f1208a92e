internal import XMPPModel

/// One reading of the main file and what it includes.
struct ConfigurationLoading {
    private let reader: FileReader
    private let features: BuiltFeatures
    private let prooftypes: [ProoftypeSection]
    private let report = ConfigurationReport()
    private var tables = TenantTables()

    init(reader: FileReader, features: BuiltFeatures, prooftypes: [ProoftypeSection]) {
        self.reader = reader
        self.features = features
        self.prooftypes = prooftypes
    }

    mutating func load(file: String) throws(ConfigurationErrors) -> Configuration {
        _ = report.begin(file: file)
        var configuration = Configuration()
        if let root = open(file, namedBy: nil) {
            read(root, into: &configuration)
        }
        configuration.domains = tables.domains
        configuration.warnings = report.orderedWarnings
        configuration.referencedFiles = report.referencedFiles
        configuration.files = report.files
        do throws(ConfigurationErrors) {
            try report.throwIfFaulty()
        } catch {
            throw ConfigurationErrors(error.errors, partial: configuration)
        }
        return configuration
    }

    private mutating func read(_ root: TableReader, into configuration: inout Configuration) {
        configuration.stateDirectory = root.path("state_directory") ?? configuration.stateDirectory
        configuration.log = LogSettings(reading: root.table("log"))
        configuration.listen = ListenSettings(reading: root.table("listen"))
        configuration.tls = TLSSettings(reading: root.table("tls"))
        configuration.posh = POSHSettings(reading: root.table("posh"))
        configuration.runtime = RuntimeSettings(reading: root.table("runtime"))
        configuration.limits = LimitSettings(reading: root.table("limits"))
        configuration.timeouts = TimeoutSettings(reading: root.table("timeouts"))
        configuration.dns = DNSSettings(
            reading: root.table("dns"), defaultAuthorities: configuration.tls.trustAnchors)
        let federationTable = root.table("federation")
        configuration.federation = FederationSettings(
            reading: federationTable, validation: configuration.dns.validation)
        tables.readDomains(of: root)
        tables.readRemotes(of: root, over: configuration.federation, validation: configuration.dns.validation)
        let wasReadable = readIncluded(by: root, under: configuration)
        configuration.remotes = tables.remotes
        readProoftypeSections(of: root, into: &configuration)
        root.finish()
        if tables.domains.isEmpty, !root.isSet("domain"), wasReadable {
            root.error("domain", "is missing: no domain is hosted", mend: "add a [[domain]] with a name")
        }
        for domain in tables.domains where configuration.federation.formerDomains.contains(domain.name) {
            federationTable.error(
                "former_domains", "\(domain.name) is hosted at \(domain.position)", mend: "remove one of the two")
        }
    }

    /// After all that may list a prooftype.
    private func readProoftypeSections(of root: TableReader, into configuration: inout Configuration) {
        let used = configuration.usedProoftypes
        for section in prooftypes {
            let isUsed = used.contains(section.name)
            if root.isSet(section.name), !isUsed {
                root.warning(section.name, "has no effect: no prooftypes lists \"\(section.name)\"")
            }
            configuration.prooftypeSections[section.name] = SectionValues(
                reading: root.table(section.name), as: section, isUsed: isUsed)
        }
    }

    /// Reads the included files; false when one of them could hold domains but is unreadable.
    private mutating func readIncluded(by root: TableReader, under configuration: Configuration) -> Bool {
        var wasReadable = true
        let keysOfMainFile: Set<String> = [
            "state_directory", "include", "log", "listen", "tls", "federation", "posh", "runtime", "limits",
            "timeouts", "dns",
        ]
        for path in includedFiles(by: root) {
            guard report.begin(file: path) else { continue }
            guard let included = open(path, namedBy: root) else {
                wasReadable = false
                continue
            }
            tables.readDomains(of: included)
            tables.readRemotes(
                of: included, over: configuration.federation, validation: configuration.dns.validation)
            included.finish(elsewhere: keysOfMainFile.union(prooftypes.map(\.name)))
        }
        return wasReadable
    }

    private func includedFiles(by root: TableReader) -> [String] {
        let found = root.list("include") { (text: String) -> ElementReading<[String]> in
            let pattern = root.relativeToFile(text)
            do throws(FileReader.Failure) {
                let paths = try reader.matches(pattern)
                // A pattern may match nothing; a plain name was meant.
                guard paths.isEmpty, !text.contains(where: { "*?[".contains($0) }) else { return .accepted(paths) }
                return .refused("does not exist", mend: "make the file, or remove it from include")
            } catch {
                return .refused("cannot be read: \(error.reason)", mend: "let the daemon's user read it")
            }
        }
        return (found ?? []).flatMap { $0 }
    }

    private func open(_ file: String, namedBy root: TableReader?) -> TableReader? {
        do throws(FileReader.Failure) {
            let text = try reader.contents(file)
            return TableReader(
                text: text, file: file, features: features, furtherProoftypes: prooftypes.map(\.name), report: report)
        } catch {
            report.add(
                ConfigurationError(
                    file: file, line: nil, keyPath: "", message: "cannot be read: \(error.reason)",
                    mend: root == nil ? "name the file with --config" : "let the daemon's user read it"))
            return nil
        }
    }
}

extension TableReader {
    /// The table of a file's text; `nil` when the text is not TOML, which is reported.
    convenience init?(
        text: [UInt8], file: String, features: BuiltFeatures, furtherProoftypes: [String] = [],
        report: ConfigurationReport
    ) {
        do throws(TOMLText.SyntaxError) {
            self.init(
                root: try TOMLText(text).root(), file: file, features: features, furtherProoftypes: furtherProoftypes,
                report: report)
        } catch {
            report.add(
                ConfigurationError(
                    file: file, line: error.line, column: error.column, keyPath: "",
                    message: "is not TOML: \(error.message)", mend: "mend the syntax at this place"))
            return nil
        }
    }
}
