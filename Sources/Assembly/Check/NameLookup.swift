public import Administration
public import Configuration
internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import Glibc
internal import NameResolution
internal import Prooftypes
public import XMPPModel

/// Lookups as the daemon would make them, without a daemon: what `resolve` and `check` do.
public struct NameLookup: Sendable {
    /// What cannot be looked up.
    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// The text is no name that DNS can carry; why.
        case badName(String, reason: String)
        /// The text is no type of record, or one that belongs to no data.
        case badType(String)

        /// The refusal in words.
        public var description: String {
            switch self {
            case .badName(let text, let reason): "“\(text)” is not a name: \(reason)"
            case .badType(let text): "“\(text)” is not a record type; write A, AAAA, SRV, TLSA, … or TYPE123"
            }
        }
    }

    /// What an operator should know although the configuration is usable.
    public let warnings: [String]

    private let configuration: Configuration
    private let settings: NameSettings
    private let anchorFiles: AnchorStateFiles

    /// After this a check looks nothing up any more.
    private static let lookupLimit = Duration.seconds(60)

    /// Types that ask for something else than data (RFC 6895 §3.1).
    private static let metaTypes: ClosedRange<UInt16> = 128...255

    /// Reads what a configuration says of name resolution.
    ///
    /// - Parameter file: The configuration; nil for the defaults alone.
    /// - Throws: Every fault, each with file, line, key and the mend.
    public init(configuration file: String?) throws(ConfigurationErrors) {
        var configuration = Configuration()
        if let file { configuration = try Self.load(file) }
        let assembly = ResolverAssembly(configuration)
        guard assembly.errors.isEmpty else { throw ConfigurationErrors(assembly.errors) }
        self.configuration = configuration
        settings = assembly.settings
        anchorFiles = AnchorStateFiles(stateDirectory: configuration.stateDirectory, log: nil)
        warnings = assembly.warnings
    }

    /// A file without `[[domain]]` hosts nothing, and says all the same how names are looked up.
    private static func load(_ file: String) throws(ConfigurationErrors) -> Configuration {
        do throws(ConfigurationErrors) {
            return try Configuration.load(
                file: file, reading: ConfigurationFiles.reader, features: DeploymentAssembly.features,
                prooftypes: ProoftypeAssembly.sections(of: AllProoftypes.kinds))
        } catch {
            let faults = error.errors.filter { $0.keyPath != "domain" || $0.line != nil }
            guard faults.isEmpty, let partial = error.partial else {
                throw ConfigurationErrors(faults.isEmpty ? error.errors : faults)
            }
            return partial
        }
    }

    // MARK: - resolve

    /// Looks a name up through the configured servers, and validates.
    ///
    /// - Parameters:
    ///   - name: In master file form; labels other than ASCII are converted (RFC 5890).
    ///   - type: A mnemonic, or `TYPE123`.
    ///   - moment: As of when signatures are judged, in seconds since 1970; nil for now.
    /// - Throws: ``Refusal`` for what cannot be asked, ``SystemError`` when the system has no room for a loop.
    public func resolve(_ name: String, _ type: String, at moment: Int64? = nil) async throws -> LookupReport {
        let question = DNSQuestion(try Self.name(name), try Self.type(type))
        let offset = moment.map { $0 - Int64(time(nil)) } ?? 0
        let session = try LookupSession(current(), signatureClock: { Int64(time(nil)) + offset })
        let answer = await session.answer(to: question)
        session.end()
        return LookupReport(of: answer, undeclaredZone: undeclaredZone(of: answer.canonicalName))
    }

    /// The internal zone of a name if it is to be validated and has no trust anchor of its own: such a zone holds only if
    /// the public tree leads to it.
    private func undeclaredZone(of name: DNSName) -> DNSName? {
        guard let zone = settings.resolver.plan.zone(of: name), !zone.name.isRoot, zone.validation == .local,
            !settings.resolver.plan.anchors.all.contains(where: { $0.zone.isAtOrBelow(zone.name) })
        else { return nil }
        return zone.name
    }

    private static func name(_ text: String) throws(Refusal) -> DNSName {
        var ascii = text
        if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            // Service labels are no part of a domain; what follows them is.
            let labels = text.split(separator: ".", omittingEmptySubsequences: false)
            let services = labels.prefix { $0.hasPrefix("_") }
            do throws(AddressError) {
                let domain = try DomainName(labels.dropFirst(services.count).joined(separator: "."))
                ascii = (services.map(String.init) + [domain.ascii]).joined(separator: ".")
            } catch {
                throw .badName(text, reason: "\(error)")
            }
        }
        do throws(DNSNameError) {
            return try DNSName(ascii)
        } catch {
            throw .badName(text, reason: "\(error)")
        }
    }

    private static func type(_ text: String) throws(Refusal) -> RecordType {
        let pseudoTypes: [UInt16] = [0, 41]
        guard let type = RecordType(text), !metaTypes.contains(type.rawValue), !pseudoTypes.contains(type.rawValue)
        else { throw .badType(text) }
        return type
    }

    /// With what a daemon has learnt of the trust anchors, where it may be read.
    private func current() -> NameSettings {
        var settings = settings
        settings.resolver.plan.anchors = anchorFiles.current(
            settings.resolver.plan.anchors, at: Int64(time(nil)))
        return settings
    }

    // MARK: - check

    /// Goes the way to a remote domain as the daemon would, and says of each step what it found.
    ///
    /// - Parameter sender: The domain of ours that asks; where it is hosted here, its certificate is presented, EXTERNAL is
    ///   tried with it, and dialback without it.
    /// - Throws: ``ConfigurationErrors`` for files that the judgement rests on, ``SystemError`` when the system has no room
    ///   for a loop.
    public func check(
        _ domain: DomainName, _ service: CheckedService, from sender: DomainName? = nil
    ) async throws -> CheckReport {
        let configuration = withTenants()
        let policies = try DeploymentAssembly.policies(configuration)
        let identity = try sender.flatMap { sender throws(ConfigurationErrors) in
            configuration.tls.presentsCertificate
                ? try DeploymentAssembly.identity(of: sender, in: configuration) : nil
        }
        let session = try LookupSession(current(), documents: POSHAssembly.settings(of: configuration))
        defer { session.end() }
        let moment = Int64(time(nil))
        let end = ContinuousClock.now + Self.lookupLimit
        let names = DomainCheck(domain, service, at: moment) { question in
            // Each lookup ends in time; many that do not answer would not, together.
            ContinuousClock.now < end ? await session.answer(to: question) : Answer(to: question, .failed(.timedOut))
        } undeclaredZone: {
            undeclaredZone(of: $0)
        }
        var check = RemoteCheck(
            domain, service, from: sender, presenting: identity, configuration, policies, over: session, at: moment)
        try await check.perform(names)
        return check.report
    }

    /// With the domains that were added while the daemon ran, where their file may be read.
    private func withTenants() -> Configuration {
        var configuration = configuration
        let known = Set(configuration.domains.map(\.name))
        let tenants = try? TenantStore(stateDirectory: configuration.stateDirectory).load()
        configuration.domains += (tenants?.domains ?? []).filter { !known.contains($0.name) }
        return configuration
    }
}
