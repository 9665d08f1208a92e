public import DNSMessages

/// Zones from the root down that are delegated and signed as they should be, or wrong in the way that was asked for.
///
///     let hierarchy = try SignedHierarchy(
///         [.signed("test"), .signed("a.test", "www A 192.0.2.1"), .unsigned("b.test", "www A 192.0.2.2")], now: now)
///     let server = try EmbeddedNameServer(zones: hierarchy.zones)
///     // Trust anchor: hierarchy.anchorText
///
/// Each zone has one key, which signs everything, and is delegated from the closest zone above it.
public struct SignedHierarchy: Sendable {
    /// The zones for ``EmbeddedNameServer``, the root's among them.
    public let zones: [EmbeddedZone]
    /// All records of each zone, keys, denials and signatures included.
    public let records: [DNSName: [DNSRecord]]
    /// The key of each signed zone, for forgeries that it has to sign.
    public let keys: [DNSName: SigningKey]

    private static let timeToLive: UInt32 = 3600

    /// Makes keys, delegates and signs.
    ///
    /// - Parameters:
    ///   - zones: The zones in any order; a signed root is added unless it is among them.
    ///   - keys: Keys to sign with, of an earlier hierarchy for instance; zones that have none here get new ones.
    ///   - now: Seconds since 1970; signatures count for a day in both directions.
    /// - Throws: ``SignedHierarchyFailure``.
    public init(
        _ zones: [SignedZone], keys: [DNSName: SigningKey] = [:], now: Int64
    ) throws(SignedHierarchyFailure) {
        var plans: [DNSName: ZonePlan] = [:]
        for zone in zones {
            let plan = try ZonePlan(zone, keys: keys)
            plans[plan.origin] = plan
        }
        if plans[.root] == nil { plans[.root] = try ZonePlan(.signed("."), keys: keys) }
        for origin in plans.keys where !origin.isRoot {
            guard let plan = plans[origin], let parent = Self.parent(of: origin, among: plans) else { continue }
            plans[parent]?.records += plan.delegation
        }
        self.keys = plans.compactMapValues(\.key)
        var signed: [DNSName: [DNSRecord]] = [:]
        for plan in plans.values { signed[plan.origin] = try plan.signed(now: now) }
        records = signed
        self.zones = signed.map { EmbeddedZone(origin: $0.key, records: $0.value) }
    }

    /// The digest of the root's key; nil when the root is not signed.
    public var anchor: DelegationSigner? { anchor(of: .root) }

    /// The digest of a zone's key, for an anchor of its own; nil when it is not signed.
    public func anchor(of zone: DNSName) -> DelegationSigner? { keys[zone]?.zoneKey.delegationSigner() }

    /// The root's anchor as a line for a trust anchor file: `. 3600 IN DS 12345 13 2 0123…`.
    public var anchorText: String { anchorText(of: .root) }

    /// A zone's anchor as a line for a trust anchor file; empty when the zone is not signed.
    public func anchorText(of zone: DNSName) -> String {
        anchor(of: zone).map { $0.record(timeToLive: Self.timeToLive).presentation + "\n" } ?? ""
    }

    /// A zone as a master file that any name server reads; nil for a zone that is none of these.
    public func masterFile(of zone: DNSName) -> String? {
        records[zone].map { $0.map { $0.presentation + "\n" }.joined() }
    }

    private static func parent(of origin: DNSName, among plans: [DNSName: ZonePlan]) -> DNSName? {
        var candidate = origin.parent
        while let name = candidate, plans[name] == nil { candidate = name.parent }
        return candidate
    }
}
