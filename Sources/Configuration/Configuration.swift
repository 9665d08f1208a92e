/// The whole configuration, checked: what an operator wrote, and defaults for the rest.
public struct Configuration: Sendable, Hashable {
    /// `state_directory`: path of the dialback secret and caches.
    public var stateDirectory = "/var/lib/ligase"
    /// `[log]`.
    public var log = LogSettings()
    /// `[listen]`.
    public var listen = ListenSettings()
    /// `[tls]`.
    public var tls = TLSSettings()
    /// `[federation]`.
    public var federation = FederationSettings()
    /// `[posh]`.
    public var posh = POSHSettings()
    /// `[runtime]`.
    public var runtime = RuntimeSettings()
    /// `[limits]`.
    public var limits = LimitSettings()
    /// `[timeouts]`.
    public var timeouts = TimeoutSettings()
    /// `[dns]`.
    public var dns = DNSSettings()
    /// `[[domain]]`, in the order of the files; each name once.
    public var domains: [HostedDomain] = []
    /// `[[remote]]`, in the order of the files; each scope once. ``RemotePolicyIndex`` finds the one that applies.
    public var remotes: [RemotePolicy] = []
    /// What the sections of further prooftypes say, by name; one for each that is declared.
    public var prooftypeSections: [String: SectionValues] = [:]
    /// What to tell the operator at start.
    public var warnings: [ConfigurationWarning] = []
    /// Every file that the configuration names, for checks that need to read them.
    public var referencedFiles: [ReferencedFile] = []
    /// The files that were read, the main one first.
    public var files: [String] = []

    /// The defaults, without any hosted domain: what a program that serves none works with.
    public init() {}

    /// Reads the main file and all that it includes.
    ///
    /// - Parameter prooftypes: Those that the program has beyond the ones of the interface, with their sections.
    /// - Throws: Everything that is wrong, in all files at once.
    public static func load(
        file: String, reading reader: FileReader, features: BuiltFeatures, prooftypes: [ProoftypeSection] = []
    ) throws(ConfigurationErrors) -> Configuration {
        var loading = ConfigurationLoading(reader: reader, features: features, prooftypes: prooftypes)
        return try loading.load(file: file)
    }

    /// Reads a file of `[[domain]]` tables alone, as `tenants add` takes it.
    ///
    /// - Parameter file: The path that errors name, and that paths inside are relative to.
    /// - Throws: Everything that is wrong in it.
    public static func parseTenants(
        text: [UInt8], file: String, features: BuiltFeatures
    ) throws(ConfigurationErrors) -> TenantList {
        try TenantList(text: text, file: file, features: features)
    }

    /// Every prooftype that `[federation]` or a `[[remote]]` lists.
    public var usedProoftypes: Set<String> {
        remotes.reduce(into: Set(federation.prooftypes)) { $0.formUnion($1.overrides.prooftypes ?? []) }
    }

    /// The policy for one remote domain: `[federation]` with what `policy` overrides.
    public func federation(under policy: RemotePolicy?) -> FederationSettings {
        policy.map { federation.overridden(by: $0.overrides) } ?? federation
    }

    /// Whether TLSA records are a condition for one remote domain: where no signature is checked they can say nothing, and
    /// a lookup that fails hides nothing.
    public func daneCondition(under policy: RemotePolicy?) -> FederationSettings.DANECondition {
        let validates = dns.validation != .off || dns.zones.contains { $0.validation != .off }
        return validates ? federation(under: policy).dane : .off
    }
}
