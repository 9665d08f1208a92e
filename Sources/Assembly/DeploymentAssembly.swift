internal import Backends
public import Configuration
internal import DomainAssociation
internal import Federation
internal import Prooftypes
internal import StreamFeatures
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Makes a deployment of a configuration: reads the files that it names and chooses the concrete parts.
///
/// Files are read here, off the loops, at start and on reload.
public struct DeploymentAssembly {
    /// What this build can do; the configuration refuses or warns of the rest.
    public static let features: BuiltFeatures = [
        .pkix, .dane, .posh, .componentBackend, .builtinBackend, .directTLS, .formerDomains, .revocationLists,
        .withheldCertificate, .remoteTrustAnchors, .staticRoutes, .signatureValidation, .resolverValidation,
        .httpListener,
        .dnsOverTLS, .dnsOverHTTPS, .splitZones, .resolverDiscovery, .provisioningDomains,
        .keyChange, .remotePins, .dialback, .piggybacking, .bidirectional,
    ]

    private let configuration: Configuration
    private let prooftypes: [any ProoftypeKind.Type]
    private var errors: [ConfigurationError] = []
    private var trustStores: [TrustAnchors: TrustStore] = [:]
    /// Thousands of domains may share one certificate.
    private var identities: [KeyPairFiles: TLSIdentity] = [:]
    private let known: [DomainName: Deployment.Host]
    private let filesOfDomain: [DomainName?: [ReferencedFile]]

    private init(
        _ configuration: Configuration, _ prooftypes: [any ProoftypeKind.Type],
        _ known: [DomainName: Deployment.Host] = [:]
    ) {
        self.configuration = configuration
        self.known = known
        self.prooftypes = prooftypes
        filesOfDomain = Dictionary(grouping: configuration.referencedFiles, by: \.domain)
    }

    /// Reads everything that the configuration names.
    ///
    /// - Parameters:
    ///   - prooftypes: The prooftypes that the program has.
    ///   - dialbackKeys: Makes and knows the keys of the hosted domains.
    ///   - known: Hosts whose files need not be read again where their settings are the same.
    /// - Throws: Every fault, each with file, line, key and the mend.
    static func assemble(
        _ configuration: Configuration, prooftypes: [any ProoftypeKind.Type], dialbackKeys: any DialbackKeys,
        reusing known: [DomainName: Deployment.Host] = [:]
    ) throws(ConfigurationErrors) -> Deployment {
        var assembly = DeploymentAssembly(configuration, prooftypes, known)
        return try assembly.assemble(dialbackKeys)
    }

    /// What is wrong with the files that a configuration names expressly, although its text is at fault.
    static func faultsOfNamedFiles(
        _ configuration: Configuration, _ prooftypes: [any ProoftypeKind.Type]
    ) -> [ConfigurationError] {
        var assembly = DeploymentAssembly(configuration, prooftypes)
        _ = assembly.readFiles()
        return assembly.errors.filter { $0.line != nil }
    }

    /// The policies for remote domains alone, for who looks at them without a daemon.
    ///
    /// - Throws: Every fault of the files that they rest on.
    static func policies(_ configuration: Configuration) throws(ConfigurationErrors) -> PolicyTable {
        var assembly = DeploymentAssembly(configuration, AllProoftypes.kinds)
        let policies = assembly.makePolicies()
        guard assembly.errors.isEmpty, let policies else { throw ConfigurationErrors(assembly.errors) }
        return policies
    }

    /// The certificate and key of one of our domains alone; nil when the domain is not ours.
    ///
    /// - Throws: What is wrong with its files.
    static func identity(
        of domain: DomainName, in configuration: Configuration
    ) throws(ConfigurationErrors) -> TLSIdentity? {
        guard let hosted = configuration.domains.first(where: { $0.name == domain }) else { return nil }
        var assembly = DeploymentAssembly(configuration, AllProoftypes.kinds)
        let files = assembly.filesOfDomain[hosted.certificate == nil ? nil : domain] ?? []
        let identity = assembly.loadIdentity(
            hosted.certificate ?? configuration.tls.certificate, hosted.privateKey ?? configuration.tls.privateKey,
            certificate: files.first { $0.purpose == .certificate }, key: files.first { $0.purpose == .privateKey })
        guard assembly.errors.isEmpty else { throw ConfigurationErrors(assembly.errors) }
        return identity
    }

    private struct KeyPairFiles: Hashable {
        let chain: String
        let key: String
    }

    private typealias Files = (
        defaultIdentity: TLSIdentity?, announced: [PeerCertificate], hosts: [DomainName: Deployment.Host],
        policies: PolicyTable?
    )

    private mutating func readFiles() -> Files {
        let defaultIdentity = loadDefaultIdentity()
        let announced = announced(configuration.posh.certificates, filesOfDomain[nil] ?? [])
        var hosts: [DomainName: Deployment.Host] = [:]
        for domain in configuration.domains { hosts[domain.name] = host(domain) }
        return (defaultIdentity, announced, hosts, makePolicies())
    }

    private mutating func assemble(_ dialbackKeys: any DialbackKeys) throws(ConfigurationErrors) -> Deployment {
        let (defaultIdentity, announced, hosts, policies) = readFiles()
        guard errors.isEmpty, let policies else { throw ConfigurationErrors(errors) }
        let limits = configuration.limits
        let idle = configuration.timeouts.idle.map { Int($0.components.seconds) }
        let featureSettings = StreamFeatureSettings(
            limitsBeforeAuthentication: PeerLimits(maximumBytes: LimitSettings.stanzaBytesBeforeAuthentication),
            limitsAfterAuthentication: PeerLimits(maximumBytes: limits.stanzaBytes, idleSeconds: idle),
            announcesDialback: true, isBidirectional: true)
        let remotes = RemotePolicyIndex(configuration.remotes)
        let negotiation = Double(configuration.timeouts.negotiation.components.seconds)
        let below = Self.domainsBelow(hosts.keys)
        let parts = Deployment.Parts(
            streamFeatures: { [configuration] in
                AllStreamFeatures.make(featureSettings) { domain in
                    configuration.federation(under: remotes.policy(for: domain)).bidirectional
                }
            },
            policy: { [made = policies.all] domain in
                let remote = remotes.policy(for: domain)
                return made[remote?.scope] ?? policies.policy(under: remote)
            },
            componentBackend: { secret, isConnected in
                ComponentBackend(
                    ComponentBackend.Surroundings(
                        negotiationTimeout: negotiation, isConnected: isConnected, secret: secret))
            },
            builtinBackend: { domain in
                BuiltinBackend(
                    domain,
                    settings: hosts[domain].map {
                        Self.builtinSettings($0.settings, items: below[domain.description[...]] ?? [])
                    } ?? BuiltinSettings(softwareVersion: Daemon.version))
            })
        do throws(TLSContextFailure) {
            return try Deployment(
                configuration: configuration, hosts: hosts, defaultIdentity: defaultIdentity, announced: announced,
                dialbackKeys: dialbackKeys, parts: parts)
        } catch {
            throw ConfigurationErrors([
                ConfigurationError(
                    file: configuration.files.first ?? "", line: nil, keyPath: "tls", message: "\(error)",
                    mend: "install OpenSSL 3")
            ])
        }
    }

    /// disco#items lists the hosted domains below the domain (SI-01).
    private static func builtinSettings(_ domain: HostedDomain, items: [DomainName]) -> BuiltinSettings {
        var contacts: [ContactAddresses.Purpose: [String]] = [:]
        for (purpose, addresses) in domain.contacts {
            guard let known = ContactAddresses.Purpose(rawValue: "\(purpose)-addresses") else { continue }
            contacts[known] = addresses
        }
        return BuiltinSettings(
            softwareName: "Ligase", softwareVersion: Daemon.version, contacts: ContactAddresses(contacts),
            items: items.sorted())
    }

    /// The hosted domains below each name that is above one: found from below, since everybody beside everybody would be too
    /// much for thousands.
    private static func domainsBelow(_ hosted: some Sequence<DomainName>) -> [Substring: [DomainName]] {
        var below: [Substring: [DomainName]] = [:]
        for domain in hosted {
            var rest = domain.description[...]
            while let dot = rest.firstIndex(of: ".") {
                rest = rest[rest.index(after: dot)...]
                below[rest, default: []].append(domain)
            }
        }
        return below
    }

    // MARK: - Identities and secrets

    /// The default certificate may be missing when every domain has one of its own and nobody asked for it.
    private mutating func loadDefaultIdentity() -> TLSIdentity? {
        let files = filesOfDomain[nil] ?? []
        let certificate = files.first { $0.purpose == .certificate }
        let key = files.first { $0.purpose == .privateKey }
        let isAskedFor = certificate?.position != nil || key?.position != nil
        let isNeeded = configuration.domains.contains { $0.certificate == nil }
        guard isAskedFor || isNeeded else { return nil }
        return loadIdentity(
            configuration.tls.certificate, configuration.tls.privateKey, certificate: certificate, key: key)
    }

    private mutating func host(_ domain: HostedDomain) -> Deployment.Host? {
        if var host = known[domain.name], host.settings.hasSameSettings(as: domain) {
            host.settings = domain
            return host
        }
        let files = filesOfDomain[domain.name] ?? []
        var identity: TLSIdentity?
        if let certificate = domain.certificate, let key = domain.privateKey {
            identity = loadIdentity(
                certificate, key, certificate: files.first { $0.purpose == .certificate },
                key: files.first { $0.purpose == .privateKey })
        }
        let announced = announced(domain.poshCertificates, files)
        switch domain.backend {
        case .builtin:
            return Deployment.Host(service: .builtin, identity: identity, announced: announced, settings: domain)
        case .component(let source):
            guard let secret = secret(source, files.first { $0.purpose == .componentSecret }) else { return nil }
            return Deployment.Host(
                service: .component(secret: secret), identity: identity, announced: announced, settings: domain)
        case .server:
            // The configuration refuses it while it is not built.
            return nil
        }
    }

    private mutating func loadIdentity(
        _ chainFile: String, _ keyFile: String, certificate: ReferencedFile?, key: ReferencedFile?
    ) -> TLSIdentity? {
        let files = KeyPairFiles(chain: chainFile, key: keyFile)
        if let identity = identities[files] { return identity }
        do throws(IdentityFailure) {
            let identity = try TLSIdentity(chainFile: chainFile, keyFile: keyFile)
            identities[files] = identity
            return identity
        } catch {
            let isAboutKey = "\(error)".hasPrefix(keyFile)
            fault(
                isAboutKey ? key : certificate, keyPath: isAboutKey ? "tls.private_key" : "tls.certificate", "\(error)",
                "name a PEM file that the daemon can read: the chain leaf first, and the key that fits it")
            return nil
        }
    }

    /// The end-entity certificates of files that are published besides the one in use; they need no key here.
    private mutating func announced(_ paths: [String], _ files: [ReferencedFile]) -> [PeerCertificate] {
        var certificates: [PeerCertificate] = []
        for path in paths {
            do throws(CertificateFile.Failure) {
                certificates += try CertificateFile.read(path).prefix(1)
            } catch {
                fault(
                    files.first { $0.path == path && $0.purpose == .publishedCertificate },
                    keyPath: "posh.certificates", "\(error)",
                    "name files of one certificate each, readable by the daemon's user")
            }
        }
        return certificates
    }

    private mutating func secret(_ source: SecretSource, _ file: ReferencedFile?) -> [UInt8]? {
        switch source {
        case .text(let text): return Array(text.utf8)
        case .file(let path):
            do throws(WholeFile.Failure) {
                var bytes = try WholeFile.read(path)
                while let last = bytes.last, last == 0x0A || last == 0x0D || last == 0x20 { bytes.removeLast() }
                guard !bytes.isEmpty else {
                    fault(file, keyPath: "secret_file", "\(path) is empty", "write the component's secret into it")
                    return nil
                }
                return bytes
            } catch {
                fault(
                    file, keyPath: "secret_file", "\(path): \(error.reason)",
                    "make the file, readable by the daemon's user")
                return nil
            }
        }
    }

    // MARK: - Policies

    private mutating func makePolicies() -> PolicyTable? {
        let authorities = configuration.referencedFiles.first {
            $0.purpose == .trustAnchors && $0.keyPath.hasPrefix("tls")
        }
        let standard = trustStore(configuration.tls.trustAnchors, authorities)
        var stores: [TrustAnchors: TrustStore] = [:]
        for remote in configuration.remotes {
            guard let anchors = remote.trustAnchors else { continue }
            let file = configuration.referencedFiles.first { file in
                guard case .file(let path) = anchors else { return false }
                return file.purpose == .trustAnchors && file.path == path
            }
            if let store = trustStore(anchors, file) { stores[anchors] = store }
        }
        let settled = ProoftypeAssembly.settle(prooftypes, by: configuration)
        errors += settled.errors
        return standard.map {
            PolicyTable(configuration: configuration, prooftypes: settled.kinds, standard: $0, stores: stores)
        }
    }

    private mutating func trustStore(_ anchors: TrustAnchors, _ file: ReferencedFile?) -> TrustStore? {
        if let store = trustStores[anchors] { return store }
        let source: TrustStore.Source =
            switch anchors {
            case .system: .system
            case .file(let path): .file(path)
            }
        do throws(TrustStoreFailure) {
            let store = try TrustStore(
                authorities: [source], revocationLists: configuration.tls.revocationLists.map { .file($0) })
            trustStores[anchors] = store
            return store
        } catch {
            // The failure names its file, which may be one of the revocation lists.
            let culprit = configuration.referencedFiles.first { other in
                other.purpose == .revocationList && "\(error)".hasPrefix(other.path + ":")
            }
            fault(
                culprit ?? file, keyPath: "tls.trust_anchors", "\(error)",
                anchors == .system && culprit == nil
                    ? "install ca-certificates, or name a PEM file of trusted authorities"
                    : "name PEM files of certificates and revocation lists that the daemon can read")
            return nil
        }
    }

    private mutating func fault(_ file: ReferencedFile?, keyPath: String, _ message: String, _ mend: String) {
        if let file {
            errors.append(ConfigurationError(file, message: message, mend: mend))
        } else {
            errors.append(
                ConfigurationError(
                    file: configuration.files.first ?? "", line: nil, keyPath: keyPath, message: message, mend: mend))
        }
    }
}

/// The policies for remote domains.
struct PolicyTable: Sendable {
    let configuration: Configuration
    let prooftypes: [any ProoftypeKind]
    let standard: TrustStore
    var stores: [TrustAnchors: TrustStore] = [:]

    /// The authorities for one remote domain.
    func trustStore(under remote: RemotePolicy?) -> TrustStore {
        remote?.trustAnchors.flatMap { stores[$0] } ?? standard
    }

    /// Every policy that there is by the scope that it is for, and under nil the one for all others. Each pair asks several times.
    var all: [RemotePolicy.Scope?: FederationPolicy] {
        var all: [RemotePolicy.Scope?: FederationPolicy] = [nil: policy(under: nil)]
        // Of two with one scope the first counts.
        for remote in configuration.remotes where all[remote.scope] == nil {
            all[remote.scope] = policy(under: remote)
        }
        return all
    }

    func policy(under remote: RemotePolicy?) -> FederationPolicy {
        let settings = configuration.federation(under: remote)
        let store = trustStore(under: remote)
        let enabled = Set(settings.prooftypes.map { ProoftypeName($0) })
        let dane = configuration.daneCondition(under: remote)
        let prooftypeSettings = ProoftypeSettings(
            trustStore: store, daneUsages: Set(settings.daneUsages), isDANEBinding: dane != .off,
            acceptsPOSHWithSHA1: settings.acceptsPOSHWithSHA1)
        var conditions: [ProofCondition] = []
        if dane != .off {
            conditions.append(
                AllProoftypes.daneCondition(isRequired: dane == .required, settings: prooftypeSettings))
        }
        if let pins = remote?.pins, !pins.isEmpty {
            conditions.append(AllProoftypes.pinCondition(pins.map(\.digest)))
        }
        return FederationPolicy(
            isAllowed: remote?.isAllowed ?? true,
            level: FederationPolicy.Level(rawValue: settings.level.rawValue) ?? .authenticated,
            prooftypes: AllProoftypes.make(prooftypes, enabled: enabled, settings: prooftypeSettings),
            conditions: conditions,
            keyChange: KeyChange.Response(rawValue: settings.keyChange.rawValue) ?? .refuse)
    }

    /// Every prooftype, with TLSA records as a condition: the strongest that a remote domain can reach, whatever the
    /// configuration asks for. Whom to trust is for the configuration to say all the same.
    func strongestPolicy(under remote: RemotePolicy?) -> FederationPolicy {
        let settings = ProoftypeSettings(
            trustStore: trustStore(under: remote),
            acceptsPOSHWithSHA1: configuration.federation(under: remote).acceptsPOSHWithSHA1)
        let all = Set(FederationSettings.knownProoftypes.map { ProoftypeName($0) })
        return FederationPolicy(
            prooftypes: AllProoftypes.make(prooftypes, enabled: all, settings: settings),
            conditions: [AllProoftypes.daneCondition(isRequired: false, settings: settings)])
    }
}
