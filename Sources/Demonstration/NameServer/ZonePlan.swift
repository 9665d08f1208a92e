internal import DNSMessages

/// A zone of a hierarchy on its way: delegations are added, and then it is signed.
struct ZonePlan {
    let origin: DNSName
    let zone: SignedZone
    let key: SigningKey?
    var records: [DNSRecord]

    private static let day: Int64 = 86_400
    private static let timeToLive: UInt32 = 300

    init(_ zone: SignedZone, keys: [DNSName: SigningKey]) throws(SignedHierarchyFailure) {
        self.zone = zone
        let (origin, records): (DNSName, [DNSRecord])
        do throws(ZoneTextError) {
            origin = try ZoneText.name(zone.origin)
            records =
                EmbeddedZone.completed(
                    try ZoneText.records(in: zone.text, origin: origin), of: origin
                ).records
        } catch {
            throw .text(zone: zone.origin, error)
        }
        self.origin = origin
        self.records = records + Self.servers(of: origin)
        if let algorithm = zone.algorithm {
            if let known = keys[origin] { key = known } else { key = try Self.key(of: origin, algorithm) }
        } else {
            key = nil
        }
    }

    /// What the zone above has of this one.
    var delegation: [DNSRecord] {
        Self.servers(of: origin) + (signer.map { [$0.record(timeToLive: Self.timeToLive)] } ?? [])
    }

    private var signer: DelegationSigner? {
        guard let signer = key?.zoneKey.delegationSigner() else { return nil }
        switch zone.flaw {
        case .notAnnounced: return nil
        case .wrongDigest:
            return DelegationSigner(
                owner: origin, keyTag: signer.keyTag, algorithm: signer.algorithm, digestType: signer.digestType,
                digest: signer.digest.map(~))
        case .unknownAlgorithm:
            return DelegationSigner(
                owner: origin, keyTag: signer.keyTag, algorithm: SigningAlgorithm(rawValue: 250),
                digestType: signer.digestType, digest: signer.digest)
        case nil, .expired, .notYetValid, .brokenSignatures, .unpublishedKey, .unsigned: return signer
        }
    }

    func signed(now: Int64) throws(SignedHierarchyFailure) -> [DNSRecord] {
        guard let key, zone.flaw != .unsigned else { return records }
        let (begin, end) =
            switch zone.flaw {
            // Further than the day that unbound forgives a clock.
            case .expired: (now - 30 * Self.day, now - 3 * Self.day)
            case .notYetValid: (now + 3 * Self.day, now + 30 * Self.day)
            default: (now - Self.day, now + Self.day)
            }
        do throws(SigningFailure) {
            var signer = ZoneSigner(
                zone: origin, keys: [key], denial: zone.denial, inception: UInt32(truncatingIfNeeded: begin),
                expiration: UInt32(truncatingIfNeeded: end))
            let signed = try signer.sign(records)
            switch zone.flaw {
            case .unpublishedKey:
                let stranger = try SigningKey(
                    zone: origin, algorithm: key.zoneKey.algorithm, flags: key.zoneKey.flags)
                let isForeign = { (record: DNSRecord) in record.type == .rrsig && record.coveredType != .dnskey }
                signer.keys = [stranger]
                return signed.filter { !isForeign($0) } + (try signer.sign(records)).filter(isForeign)
            case .brokenSignatures(let types): return signed.map { Self.broken($0, types) }
            default: return signed
            }
        } catch {
            throw .signing(zone: origin, error)
        }
    }

    private static func broken(_ record: DNSRecord, _ types: Set<RecordType>) -> DNSRecord {
        guard let covered = record.coveredType, types.contains(covered) || (types.isEmpty && covered != .dnskey),
            case .other(var octets) = record.data, let last = octets.indices.last
        else { return record }
        octets[last] ^= 0x55
        return DNSRecord(owner: record.owner, type: .rrsig, timeToLive: record.timeToLive, octets: octets)
    }

    private static func key(
        of origin: DNSName, _ algorithm: SigningAlgorithm
    ) throws(SignedHierarchyFailure) -> SigningKey {
        do throws(SigningFailure) {
            return try SigningKey(
                zone: origin, algorithm: algorithm, flags: ZoneKey.zoneFlag | ZoneKey.secureEntryPointFlag)
        } catch {
            throw .signing(zone: origin, error)
        }
    }

    /// Where the zone is served: below its own name, on this host.
    private static func servers(of origin: DNSName) -> [DNSRecord] {
        guard let host = try? origin.prefixed(by: "ns"), let address = IPAddress("127.0.0.1"),
            let server = DNSRecord(owner: origin, timeToLive: timeToLive, data: .ns(host)),
            let glue = DNSRecord(owner: host, timeToLive: timeToLive, data: .a(address))
        else { return [] }
        return [server, glue]
    }
}
