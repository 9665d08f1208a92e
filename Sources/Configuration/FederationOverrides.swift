public import XMPPModel

/// The keys of `[federation]` as one table sets them; `nil` where it does not.
public struct FederationOverrides: Sendable, Hashable {
    /// `level`.
    public var level: FederationSettings.Level?
    /// `prooftypes`.
    public var prooftypes: [String]?
    /// `dane`.
    public var dane: FederationSettings.DANECondition?
    /// `dane_usages`.
    public var daneUsages: [UInt8]?
    /// `posh_sha1`.
    public var acceptsPOSHWithSHA1: Bool?
    /// `key_change`.
    public var keyChange: FederationSettings.KeyChangeResponse?
    /// `former_domains`.
    public var formerDomains: [DomainName]?
    /// `bidirectional`.
    public var bidirectional: Bool?
    /// `piggybacking`.
    public var piggybacking: Bool?
    /// `stream_management`.
    public var streamManagement: Bool?
    /// `dialback_secret`.
    public var dialbackSecret: SecretSource?

    /// No override.
    public init() {}

    /// Reads the keys from `[federation]` or a `[[remote]]`; `base` is what they override.
    init(reading table: TableReader, over base: FederationSettings, validation: DNSSettings.Validation) {
        level = table.choice("level")
        prooftypes = table.words("prooftypes", among: FederationSettings.knownProoftypes + table.furtherProoftypes)
        dane = table.choice("dane")
        daneUsages = table.integers("dane_usages", in: 0...3)?.map { UInt8($0) }
        acceptsPOSHWithSHA1 = table.boolean("posh_sha1")
        keyChange = table.choice("key_change")
        formerDomains = table.domains("former_domains")
        bidirectional = table.boolean("bidirectional")
        piggybacking = table.boolean("piggybacking")
        streamManagement = table.boolean("stream_management")
        if let secret = table.string("dialback_secret"), !secret.isEmpty { dialbackSecret = .text(secret) }
        checkFeatures(in: table)
        checkThatSomethingProves(base.overridden(by: self), validation: validation, in: table)
    }

    private func checkThatSomethingProves(
        _ settings: FederationSettings, validation: DNSSettings.Validation, in table: TableReader
    ) {
        if dane == .required, validation == .off {
            table.error(
                "dane", "\"required\" needs signed DNS answers, and dns.validation is \"off\"",
                mend: "write dns.validation = \"local\", or dane = \"off\"")
        }
        // A condition whose fulfilment proves nothing would refuse what it is there to protect.
        if dane != nil || prooftypes != nil, settings.dane == .required, !settings.prooftypes.contains("dane") {
            table.error(
                dane != nil ? "dane" : "prooftypes", "dane is \"required\", and \"dane\" is not among the prooftypes",
                mend: "add \"dane\" to prooftypes, or write dane = \"when-published\"")
        }
        guard prooftypes != nil || level != nil else { return }
        let key = prooftypes != nil ? "prooftypes" : "level"
        let dialbackWillDo = settings.level != .authenticated && table.features.contains(.dialback)
        guard !dialbackWillDo else { return }
        let usable = settings.prooftypes.filter { table.isBuilt(prooftype: $0) }
        if usable.isEmpty {
            let named = settings.prooftypes.isEmpty ? "names no prooftype" : "holds no prooftype that is built yet"
            table.error(key, "\(named), so that no remote domain could be proved", mend: "add \"pkix\"")
        } else if usable == ["dane"], validation == .off {
            table.error(
                key, "\"dane\" alone needs signed DNS answers, and dns.validation is \"off\"",
                mend: "add \"pkix\", or write dns.validation = \"local\"")
        }
    }

    private func checkFeatures(in table: TableReader) {
        if level == .encrypted || level == .verified {
            table.needs(.dialback, for: "level", effect: "behaves as \"authenticated\"")
        }
        for prooftype in prooftypes ?? [] where !table.isBuilt(prooftype: prooftype) {
            table.warnUnbuilt("prooftypes", effect: "\"\(prooftype)\" proves nothing")
        }
        switch dane {
        case .required:
            table.requires(
                .dane, for: "dane", "\"required\" asks for DANE, which is not built yet",
                mend: "write dane = \"when-published\"")
        case .whenPublished: table.needs(.dane, for: "dane")
        case .off, nil: break
        }
        table.needs(.dane, for: "dane_usages")
        table.needs(.posh, for: "posh_sha1")
        switch keyChange {
        case .refuse:
            table.requires(
                .keyChange, for: "key_change", "\"refuse\" asks for a check that is not built yet",
                mend: "write key_change = \"log\"")
        case .log: table.needs(.keyChange, for: "key_change")
        case nil: break
        }
        if formerDomains?.isEmpty == false { table.needs(.formerDomains, for: "former_domains") }
        if bidirectional == true { table.needs(.bidirectional, for: "bidirectional") }
        if piggybacking == true { table.needs(.piggybacking, for: "piggybacking") }
        if streamManagement == true { table.needs(.streamManagement, for: "stream_management") }
        if dialbackSecret != nil { table.needs(.dialback, for: "dialback_secret") }
    }
}
