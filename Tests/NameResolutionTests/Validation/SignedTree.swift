import DNSMessages
import NameResolution

/// A tree of zones made for tests: what an honest recursive server would answer about it.
struct SignedTree {
    /// The moment of the tests.
    static let now: Int64 = 1_800_000_000
    static let week: UInt32 = 7 * 86_400

    var zones: [DNSName: SignedZone] = [:]

    static func key(
        _ zone: String, _ algorithm: SigningAlgorithm = .ecdsaP256SHA256
    ) throws -> SigningKey {
        try SigningKey(
            zone: DNSName(zone), algorithm: algorithm, flags: ZoneKey.zoneFlag | ZoneKey.secureEntryPointFlag)
    }

    /// Adds a zone; its SOA and NS records are added to the given ones.
    mutating func add(
        _ zone: String, keys: [SigningKey], denial: ZoneSigner.Denial = .nextSecure,
        inception: UInt32 = UInt32(now) - week, expiration: UInt32 = UInt32(now) + week, _ records: [DNSRecord]
    ) throws {
        let name = try DNSName(zone)
        let signer =
            keys.isEmpty
            ? nil : ZoneSigner(zone: name, keys: keys, denial: denial, inception: inception, expiration: expiration)
        let apex = [try TestRecords.start(zone), try TestRecords.record(zone, .ns(DNSName("ns.example")))]
        zones[name] = try SignedZone(name: name, signer: signer, records: apex + records)
    }

    /// The records that delegate a zone.
    static func delegation(_ zone: String, _ keys: [SigningKey], digestType: UInt8 = 2) throws -> [DNSRecord] {
        try [TestRecords.record(zone, .ns(DNSName("ns.example")))]
            + keys.compactMap { $0.zoneKey.delegationSigner(digestType: digestType)?.record(timeToLive: 3600) }
    }

    static func anchor(_ key: SigningKey) -> TrustAnchor {
        TrustAnchor(zone: key.zoneKey.owner, signers: [key.zoneKey.delegationSigner()].compactMap(\.self))
    }

    /// What a recursive server answers, aliases followed.
    func respond(_ question: DNSQuestion) throws -> DNSResponse {
        var answers: [DNSRecord] = []
        var pending: [DNSRecord] = []
        var current = question
        for _ in 0..<8 {
            guard let zone = zone(of: current) else { break }
            let part = try zone.respond(current)
            answers += part.answers
            let authorities = part.denials
            if let alias = part.answers.first(where: { $0.owner == current.name && $0.type == .cname }),
                case .cname(let target) = alias.data, current.type != .cname
            {
                current = DNSQuestion(target, current.type)
                pending += authorities
                continue
            }
            return TestRecords.response(
                to: question, part.code, answers: answers, authorities: pending + authorities)
        }
        return TestRecords.response(to: question, .serverFailure)
    }

    private func zone(of question: DNSQuestion) -> SignedZone? {
        var candidate: DNSName? = question.type == .ds ? question.name.parent ?? question.name : question.name
        while let name = candidate {
            if let zone = zones[name] { return zone }
            candidate = name.parent
        }
        return nil
    }
}
