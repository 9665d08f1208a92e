public import XMPPModel

/// `[federation]`: the policy for remote domains.
public struct FederationSettings: Sendable, Hashable {
    /// What a stream must have before stanzas flow.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        /// TLS and a prooftype.
        case authenticated
        /// TLS; dialback will do.
        case encrypted
        /// Dialback in clear will do.
        case verified
    }

    /// Whether TLSA records are a condition, besides the prooftypes.
    public enum DANECondition: String, Sendable, Hashable, CaseIterable {
        /// No condition.
        case off
        /// Where a secure TLSA RRset is published, it must match.
        case whenPublished = "when-published"
        /// A secure TLSA RRset must be published and must match.
        case required
    }

    /// What happens when a remote domain's key changed and no TLSA record or POSH document explains it.
    public enum KeyChangeResponse: String, Sendable, Hashable, CaseIterable {
        /// It is logged.
        case log
        /// The domain is refused.
        case refuse
    }

    /// The names that `prooftypes` may hold in every program; it may have more (``ProoftypeSection``).
    public static let knownProoftypes = ["dane", "posh", "pkix"]

    /// `level`. Without dialback among the built features every level behaves as `authenticated`.
    public var level = Level.authenticated
    /// `prooftypes`: what proves, in order.
    public var prooftypes = knownProoftypes
    /// `dane`: a condition besides `prooftypes`.
    public var dane = DANECondition.whenPublished
    /// `dane_usages`: certificate usages that count (RFC 6698 §2.1.1).
    public var daneUsages: [UInt8] = [0, 1, 2, 3]
    /// `posh_sha1`: whether `x5t` of the draft's JWK set counts.
    public var acceptsPOSHWithSHA1 = true
    /// `key_change`.
    public var keyChange = KeyChangeResponse.log
    /// `former_domains`: domains that are answered with `host-gone`.
    public var formerDomains: [DomainName] = []
    /// `bidirectional` (XEP-0288).
    public var bidirectional = true
    /// `piggybacking`: several domain pairs on one stream.
    public var piggybacking = true
    /// `stream_management` (XEP-0198).
    public var streamManagement = true
    /// `dialback_secret`; `nil` (empty in the file): made once and kept in the state directory.
    public var dialbackSecret: SecretSource?

    /// The defaults.
    public init() {}

    init(reading table: TableReader, validation: DNSSettings.Validation) {
        let defaults = FederationSettings()
        self = defaults.overridden(by: FederationOverrides(reading: table, over: defaults, validation: validation))
        table.finish()
    }

    /// The policy that holds where `overrides` say something else in places.
    public func overridden(by overrides: FederationOverrides) -> FederationSettings {
        var settings = self
        if let level = overrides.level { settings.level = level }
        if let prooftypes = overrides.prooftypes { settings.prooftypes = prooftypes }
        if let dane = overrides.dane { settings.dane = dane }
        if let usages = overrides.daneUsages { settings.daneUsages = usages }
        if let accepts = overrides.acceptsPOSHWithSHA1 { settings.acceptsPOSHWithSHA1 = accepts }
        if let keyChange = overrides.keyChange { settings.keyChange = keyChange }
        if let formerDomains = overrides.formerDomains { settings.formerDomains = formerDomains }
        if let bidirectional = overrides.bidirectional { settings.bidirectional = bidirectional }
        if let piggybacking = overrides.piggybacking { settings.piggybacking = piggybacking }
        if let streamManagement = overrides.streamManagement { settings.streamManagement = streamManagement }
        if let secret = overrides.dialbackSecret { settings.dialbackSecret = secret }
        return settings
    }
}
