public import DNSMessages

/// A zone that the embedded name server speaks for: its records, signatures and denials included where it has any.
public struct EmbeddedZone: Sendable {
    /// What a zone says to a question.
    public struct Reply: Hashable, Sendable {
        /// NOERROR or NXDOMAIN.
        public var code: ResponseCode
        /// The records, aliases that lead to them included, each set with its signatures.
        public var answers: [DNSRecord]
        /// The SOA record where there are none, and the proofs that something is absent.
        public var authorities: [DNSRecord]
        /// Where an alias leads that this zone does not follow.
        var alias: DNSName?
    }

    /// The name of the zone.
    public let origin: DNSName
    /// All records by owner, but for the hashed denials.
    let records: [DNSName: [DNSRecord]]
    /// All names that exist, those included that only have others below them (RFC 8020).
    let existing: Set<DNSName>
    let denial: ZoneDenial
    private let start: DNSRecord

    private static let defaultNegativeSeconds: UInt32 = 60
    static let mostAliases = 32

    /// A zone of the given records; without an SOA among them it gets one, whose negative answers last a minute.
    ///
    /// - Parameter records: For a signed zone also its RRSIG, DNSKEY and NSEC or NSEC3 records.
    public init(origin: DNSName, records: [DNSRecord]) {
        self.origin = origin
        let complete = Self.completed(records, of: origin)
        start = complete.start
        let all = complete.records
        let named = all.filter { $0.type != .nsec3 && $0.coveredType != .nsec3 }
        self.records = Dictionary(grouping: named, by: \.owner)
        var existing: Set<DNSName> = []
        for owner in named.map(\.owner) {
            var name: DNSName? = owner
            while let present = name, present.isAtOrBelow(origin), existing.insert(present).inserted {
                name = present.parent
            }
        }
        self.existing = existing
        denial = ZoneDenial(all, of: origin)
    }

    /// A zone from its text; see ``ZoneText`` for the form.
    ///
    /// - Throws: ``ZoneTextError`` with the line.
    public init(origin: String, text: String) throws(ZoneTextError) {
        let name = try ZoneText.name(origin)
        self.init(origin: name, records: try ZoneText.records(in: text, origin: name))
    }

    /// The records with an SOA among them.
    static func completed(_ records: [DNSRecord], of origin: DNSName) -> (records: [DNSRecord], start: DNSRecord) {
        if let given = records.first(where: { $0.type == .soa && $0.owner == origin }) { return (records, given) }
        let made = DNSRecord(
            owner: origin, timeToLive: defaultNegativeSeconds,
            data: .soa(
                StartOfAuthority(
                    primaryServer: origin, responsibleMailbox: origin, minimum: defaultNegativeSeconds)))
        let start = made ?? DNSRecord(owner: origin, type: .soa, timeToLive: 0, octets: [])
        return (records + [start], start)
    }

    /// What the zone says to a question at or below its origin, aliases followed as long as they stay there.
    public func reply(to question: DNSQuestion) -> Reply {
        EmbeddedZoneSet([self]).reply(to: question)
            ?? Reply(code: .noError, answers: [], authorities: [])
    }

    /// What the zone says to a question at or below its origin, without following an alias.
    func step(_ name: DNSName, _ type: RecordType) -> Reply {
        if let redirected = redirection(of: name) { return redirected }
        if existing.contains(name) {
            return found(at: name, as: name, type)
                ?? negative(.noError, proof: denial.noRecords(at: name, in: self))
        }
        guard let wildcard = closestEncloser(of: name).wildcard, existing.contains(wildcard) else {
            return negative(.nameError, proof: denial.noName(name, in: self))
        }
        guard var reply = found(at: wildcard, as: name, type) else {
            let absence = denial.noExactName(name, in: self, provingEncloser: true)
            return negative(.noError, proof: denial.noRecords(at: wildcard, in: self) + absence)
        }
        reply.authorities = denial.noExactName(name, in: self, provingEncloser: false)
        return reply
    }

    /// The longest name above one that exists.
    func closestEncloser(of name: DNSName) -> DNSName {
        var candidate = name
        while !existing.contains(candidate), candidate != origin, let parent = candidate.parent { candidate = parent }
        return candidate
    }

    /// A set of records with its signatures.
    func signedSet(_ type: RecordType, at name: DNSName) -> [DNSRecord] {
        (records[name] ?? []).filter { $0.type == type || $0.coveredType == type }
    }

    private func found(at owner: DNSName, as name: DNSName, _ type: RecordType) -> Reply? {
        let wanted = (records[owner] ?? []).contains { $0.type == type }
        let set = signedSet(wanted ? type : .cname, at: owner).map { $0.moved(to: name) }
        guard let first = set.first(where: { $0.type != .rrsig || type == .rrsig }) else { return nil }
        guard !wanted, case .cname(let target) = first.data else {
            return Reply(code: .noError, answers: set, authorities: [])
        }
        return Reply(code: .noError, answers: set, authorities: [], alias: target)
    }

    /// What a DNAME above a name makes of it (RFC 6672 §3.1).
    private func redirection(of name: DNSName) -> Reply? {
        var ancestor = name == origin ? nil : name.parent
        while let owner = ancestor, owner.isAtOrBelow(origin) {
            let set = signedSet(.dname, at: owner)
            if let record = set.first(where: { $0.type == .dname }), case .other(let octets) = record.data,
                let target = try? DNSName(wire: octets)
            {
                let kept = name.wire.dropLast(owner.wire.count)
                guard let alias = try? DNSName(wire: kept + target.wire),
                    let made = DNSRecord(owner: name, timeToLive: record.timeToLive, data: .cname(alias))
                else { return Reply(code: .nameTooLong, answers: set, authorities: []) }
                return Reply(code: .noError, answers: set + [made], authorities: [], alias: alias)
            }
            ancestor = owner == origin ? nil : owner.parent
        }
        return nil
    }

    private func negative(_ code: ResponseCode, proof: [DNSRecord]) -> Reply {
        let start = [start] + signedSet(.soa, at: origin).filter { $0.type == .rrsig }
        return Reply(code: code, answers: [], authorities: start + proof)
    }
}

extension ResponseCode {
    /// YXDOMAIN: a redirection makes the name too long (RFC 6672 §2.2).
    fileprivate static let nameTooLong = ResponseCode(rawValue: 6)
}

extension DNSRecord {
    /// The type that an RRSIG record is about; nil for other records.
    var coveredType: RecordType? {
        guard type == .rrsig, case .other(let octets) = data, octets.count >= 2 else { return nil }
        return RecordType(rawValue: UInt16(octets[0]) << 8 | UInt16(octets[1]))
    }

    /// The record at another name, as a wildcard gives it.
    func moved(to name: DNSName) -> DNSRecord {
        guard owner != name else { return self }
        if case .other(let octets) = data {
            return DNSRecord(owner: name, type: type, timeToLive: timeToLive, octets: octets)
        }
        return DNSRecord(owner: name, timeToLive: timeToLive, data: data) ?? self
    }
}
