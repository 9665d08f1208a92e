/// Signs a whole zone, for tests and the demonstration (RFC 4035 §2, RFC 5155 §7.1).
public struct ZoneSigner: Sendable {
    /// How the zone proves that something is not there.
    public enum Denial: Hashable, Sendable {
        /// By NSEC records.
        case nextSecure
        /// By NSEC3 records; with opt-out those leave unsigned delegations out.
        case hashed(NextSecureHashed.Parameters, optOut: Bool)
    }

    /// The apex of the zone.
    public let zone: DNSName
    /// Those that sign. Keys with the Secure Entry Point flag sign the keys, and everything else only when no other key
    /// has their algorithm; revoked keys sign the keys only.
    public var keys: [SigningKey]
    /// Keys that are published and sign nothing.
    public var standbyKeys: [ZoneKey] = []
    /// How the zone denies.
    public var denial: Denial
    /// When the signatures begin, in seconds since 1970.
    public var inception: UInt32
    /// When they end, in seconds since 1970.
    public var expiration: UInt32
    /// Seconds that the keys may be cached.
    public var keyTimeToLive: UInt32 = 3600

    /// Makes a signer of a zone; its keys have to be those of the zone.
    public init(
        zone: DNSName, keys: [SigningKey], denial: Denial = .nextSecure, inception: UInt32, expiration: UInt32
    ) {
        self.zone = zone
        self.keys = keys
        self.denial = denial
        self.inception = inception
        self.expiration = expiration
    }

    /// The zone's records with keys, denials and signatures added, in canonical order of the names.
    ///
    /// Records below a delegation, and the NS records that delegate, stay unsigned. DNSKEY records among `records` are
    /// published with those of the keys; there must be no signatures and denials among them yet.
    ///
    /// - Throws: ``SigningFailure`` when a record lies outside of the zone, the SOA record or a key is missing, or the
    ///   library fails.
    public func sign(_ records: [DNSRecord]) throws(SigningFailure) -> [DNSRecord] {
        guard !keys.isEmpty else { throw .noKey(zone: zone) }
        if let stray = records.first(where: { !$0.owner.isAtOrBelow(zone) }) { throw .outsideZone(stray.owner) }
        guard let start = records.first(where: { $0.owner == zone && $0.type == .soa }),
            case .soa(let authority) = start.data
        else { throw .noStartOfAuthority(zone: zone) }

        var tree = ZoneTree(zone: zone)
        for record in records { tree.insert(record) }
        for key in keys.map(\.zoneKey) + standbyKeys { tree.insert(key.record(timeToLive: keyTimeToLive)) }
        // RFC 9077 §3: neither outlives the other.
        let timeToLive = min(start.timeToLive, authority.minimum)
        let denials: [DNSRecord]
        switch denial {
        case .nextSecure:
            denials = DenialChain.nextSecure(of: tree, timeToLive: timeToLive)
        case .hashed(let parameters, let optOut):
            tree.insert(parameters.record(owner: zone, timeToLive: 0))
            denials = try DenialChain.hashed(
                of: tree, parameters: parameters, optOut: optOut, timeToLive: timeToLive)
        }
        for denial in denials { tree.insert(denial) }

        var signed: [DNSRecord] = []
        for name in tree.names {
            for (type, set) in tree.sets(at: name) {
                signed += set
                guard tree.isSigned(type, at: name) else { continue }
                for key in type == .dnskey ? keySigningKeys : zoneSigningKeys {
                    signed.append(try key.sign(set, inception: inception, expiration: expiration).record)
                }
            }
        }
        return signed
    }

    private var keySigningKeys: [SigningKey] {
        let pointed = keys.filter { $0.zoneKey.isSecureEntryPoint || $0.zoneKey.isRevoked }
        let algorithms = Set(pointed.filter { !$0.zoneKey.isRevoked }.map(\.zoneKey.algorithm))
        return pointed + keys.filter { !$0.zoneKey.isSecureEntryPoint && !algorithms.contains($0.zoneKey.algorithm) }
    }

    private var zoneSigningKeys: [SigningKey] {
        let usable = keys.filter { !$0.zoneKey.isRevoked }
        let plain = usable.filter { !$0.zoneKey.isSecureEntryPoint }
        let algorithms = Set(plain.map(\.zoneKey.algorithm))
        return plain + usable.filter { $0.zoneKey.isSecureEntryPoint && !algorithms.contains($0.zoneKey.algorithm) }
    }
}
