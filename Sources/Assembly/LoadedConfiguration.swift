public import Configuration
public import Federation
public import POSHTransport
public import Prooftypes
internal import XMPPModel

/// A configuration that has been read as a whole: with the domains that were added later, and with every file that it
/// names.
public struct LoadedConfiguration: Sendable {
    /// The configuration, added domains included.
    public let configuration: Configuration
    /// What it amounts to.
    public let deployment: Deployment
    /// The domains that were added while the daemon ran.
    public let addedDomains: [HostedDomain]
    /// What an operator should know although all of it can be used.
    public let warnings: [String]
    /// How POSH documents are retrieved.
    public let documents: RetrievalSettings
    /// The prooftypes that the program has.
    let prooftypes: [any ProoftypeKind.Type]
    /// How names are looked up.
    let names: NameSettings
    /// What dialback keys are made of.
    let dialbackSecrets: DialbackSecrets
    private let dialbackKeys: DialbackKeyring

    /// Reads a configuration, and the state directory that it names.
    ///
    /// Nothing is written, so that a configuration can be checked beside a running daemon.
    ///
    /// - Parameters:
    ///   - prooftypes: The prooftypes that the program has.
    ///   - previous: What is in force until now.
    /// - Throws: Every fault, each with file, line, key and the mend.
    public init(
        file: String, prooftypes: [any ProoftypeKind.Type] = AllProoftypes.kinds, after previous: Self? = nil
    ) throws(ConfigurationErrors) {
        let configuration: Configuration
        do throws(ConfigurationErrors) {
            configuration = try Configuration.load(
                file: file, reading: ConfigurationFiles.reader, features: DeploymentAssembly.features,
                prooftypes: ProoftypeAssembly.sections(of: prooftypes))
        } catch {
            // An operator mends everything in one go: the named files are looked at although the text is at fault.
            let faults = error.partial.map {
                DeploymentAssembly.faultsOfNamedFiles($0, prooftypes) + Self.faultsOfDNSFiles($0)
            }
            throw ConfigurationErrors(Self.each(error.errors + (faults ?? [])))
        }
        let added = try TenantStore(stateDirectory: configuration.stateDirectory).load()
        try self.init(configuration, adding: added, prooftypes: prooftypes, after: previous)
    }

    /// Puts a configuration and added domains together. A domain that stands in the configuration by now counts from
    /// there.
    init(
        _ configuration: Configuration, adding added: TenantList?, prooftypes: [any ProoftypeKind.Type],
        after previous: Self? = nil, reusing known: [DomainName: Deployment.Host] = [:]
    ) throws(ConfigurationErrors) {
        var whole = configuration
        let configured = Set(configuration.domains.map(\.name))
        let fresh = (added?.domains ?? []).filter { !configured.contains($0.name) }
        let addedNames = Set(fresh.map(\.name))
        whole.domains += fresh
        whole.referencedFiles += (added?.referencedFiles ?? []).filter { $0.domain.map(addedNames.contains) ?? false }
        self.configuration = whole
        self.prooftypes = prooftypes
        addedDomains = fresh
        let resolution = ResolverAssembly(whole)
        names = resolution.settings
        do throws(ConfigurationErrors) {
            dialbackSecrets = try DialbackSecrets(whole)
        } catch {
            let others = DeploymentAssembly.faultsOfNamedFiles(whole, prooftypes) + resolution.errors
            throw ConfigurationErrors(Self.each(error.errors + others))
        }
        warnings = whole.warnings.map(\.description) + dialbackSecrets.warnings + resolution.warnings
        dialbackKeys = DialbackKeyring(
            dialbackSecrets, remotes: whole.remotes, after: previous?.dialbackKeys, grace: whole.timeouts.dialback)
        do throws(ConfigurationErrors) {
            deployment = try DeploymentAssembly.assemble(
                whole, prooftypes: prooftypes, dialbackKeys: dialbackKeys, reusing: known)
        } catch {
            throw ConfigurationErrors(Self.each(error.errors + resolution.errors))
        }
        documents = POSHAssembly.settings(of: whole)
        guard resolution.errors.isEmpty else { throw ConfigurationErrors(resolution.errors) }
    }

    private static func faultsOfDNSFiles(_ configuration: Configuration) -> [ConfigurationError] {
        ResolverAssembly(configuration).errors.filter { $0.line != nil }
    }

    /// Each key is told once: that of a file which streams and name servers share is found by both.
    private static func each(_ errors: [ConfigurationError]) -> [ConfigurationError] {
        var known: Set<[String]> = []
        return errors.filter { known.insert([$0.file, String($0.line ?? 0), $0.keyPath, $0.message]).inserted }
    }
}
