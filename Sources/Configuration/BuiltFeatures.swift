/// The features that this program can perform. A key of a feature that is missing here is known and checked but has no
/// effect, which is a warning; a value that asks for more safety than is here is an error.
public struct BuiltFeatures: OptionSet, Sendable, Hashable {
    /// The set as bits; meaningful only within one build.
    public var rawValue: UInt64

    /// Makes a set from its bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Proof by a certificate of a trusted authority.
    public static let pkix = BuiltFeatures(rawValue: 1 << 0)
    /// Proof by, and the condition of, TLSA records.
    public static let dane = BuiltFeatures(rawValue: 1 << 1)
    /// Proof by POSH documents.
    public static let posh = BuiltFeatures(rawValue: 1 << 2)
    /// Server dialback, and with it the levels `encrypted` and `verified`.
    public static let dialback = BuiltFeatures(rawValue: 1 << 3)
    /// `backend = "component"`.
    public static let componentBackend = BuiltFeatures(rawValue: 1 << 4)
    /// `backend = "server"` and the listener `inside`.
    public static let serverBackend = BuiltFeatures(rawValue: 1 << 5)
    /// `backend = "builtin"`.
    public static let builtinBackend = BuiltFeatures(rawValue: 1 << 6)
    /// Direct TLS, listening and dialling (XEP-0368).
    public static let directTLS = BuiltFeatures(rawValue: 1 << 7)
    /// Stanzas in both directions on one stream (XEP-0288).
    public static let bidirectional = BuiltFeatures(rawValue: 1 << 8)
    /// Several domain pairs on one stream.
    public static let piggybacking = BuiltFeatures(rawValue: 1 << 9)
    /// Acknowledgement and resumption (XEP-0198).
    public static let streamManagement = BuiltFeatures(rawValue: 1 << 10)
    /// Noticing that a remote domain's key changed.
    public static let keyChange = BuiltFeatures(rawValue: 1 << 11)
    /// Answering for former domains.
    public static let formerDomains = BuiltFeatures(rawValue: 1 << 12)
    /// Certificate revocation lists.
    public static let revocationLists = BuiltFeatures(rawValue: 1 << 13)
    /// Dialling without our certificate.
    public static let withheldCertificate = BuiltFeatures(rawValue: 1 << 14)
    /// Pins in `[[remote]]`.
    public static let remotePins = BuiltFeatures(rawValue: 1 << 15)
    /// Trust anchors in `[[remote]]`.
    public static let remoteTrustAnchors = BuiltFeatures(rawValue: 1 << 16)
    /// Routes in `[[remote]]` in place of DNS.
    public static let staticRoutes = BuiltFeatures(rawValue: 1 << 17)
    /// The HTTP listener: metrics, health, readiness.
    public static let httpListener = BuiltFeatures(rawValue: 1 << 18)
    /// DNSSEC validation in this process.
    public static let signatureValidation = BuiltFeatures(rawValue: 1 << 19)
    /// DNSSEC validation by the resolver (the AD bit).
    public static let resolverValidation = BuiltFeatures(rawValue: 1 << 20)
    /// DNS over TLS.
    public static let dnsOverTLS = BuiltFeatures(rawValue: 1 << 21)
    /// DNS over HTTPS.
    public static let dnsOverHTTPS = BuiltFeatures(rawValue: 1 << 22)
    /// Discovery of designated resolvers.
    public static let resolverDiscovery = BuiltFeatures(rawValue: 1 << 23)
    /// Split DNS: `[[dns.zone]]`.
    public static let splitZones = BuiltFeatures(rawValue: 1 << 24)
    /// Provisioning domains.
    public static let provisioningDomains = BuiltFeatures(rawValue: 1 << 25)

    /// Everything that the configuration can ask for.
    public static let everything = BuiltFeatures(rawValue: (1 << 26) - 1)
}
