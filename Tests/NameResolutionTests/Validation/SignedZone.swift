import DNSMessages
import NameResolution

/// One zone of a tree made for tests, and how an honest server answers from it.
struct SignedZone {
    let name: DNSName
    let signer: ZoneSigner?
    private let records: [DNSRecord]
    private let names: Set<DNSName>

    init(name: DNSName, signer: ZoneSigner?, records: [DNSRecord]) throws {
        self.name = name
        self.signer = signer
        self.records = try signer?.sign(records) ?? records
        names = Set(records.map(\.owner))
    }

    /// What a server answers: without aliases followed.
    func respond(_ question: DNSQuestion) throws -> (code: ResponseCode, answers: [DNSRecord], denials: [DNSRecord]) {
        let name = question.name
        var above = name.parent
        while let candidate = above, candidate.isAtOrBelow(self.name) {
            if let redirection = records.first(where: { $0.owner == candidate && $0.type == .dname }) {
                let synthesized = try Self.synthesize(name, redirection)
                return (.noError, set(candidate, .dname) + [synthesized], [])
            }
            above = candidate.parent
        }
        if names.contains(name) || name == self.name {
            for type in [question.type, .cname] {
                let found = set(name, type)
                if !found.isEmpty { return (.noError, found, []) }
            }
            return (.noError, [], start + denial(matching: name))
        }
        if names.contains(where: { $0.isAtOrBelow(name) }) {
            return (.noError, [], start + denial(matching: name))
        }
        let encloser = closestEncloser(of: name)
        guard let wildcard = encloser.wildcard, names.contains(wildcard) else {
            return (.nameError, [], start + denial(ofName: name, below: encloser))
        }
        for type in [question.type, .cname] {
            let found = try set(wildcard, type).map { try Self.moved($0, to: name) }
            if !found.isEmpty { return (.noError, found, denial(closerTo: name, than: encloser)) }
        }
        return (
            .noError, [], start + denial(closerTo: name, than: encloser, isEmpty: true) + denial(matching: wildcard)
        )
    }

    /// Everything in the zone.
    var all: [DNSRecord] { records }

    /// A set with its signatures.
    func set(_ owner: DNSName, _ type: RecordType) -> [DNSRecord] {
        records.filter { record in
            record.owner == owner && (record.type == type || RecordSignature(record)?.coveredType == type)
        }
    }

    private var start: [DNSRecord] { self.set(name, .soa) }

    private func closestEncloser(of name: DNSName) -> DNSName {
        var candidate = name
        while let parent = candidate.parent, candidate != self.name {
            if names.contains(where: { $0.isAtOrBelow(candidate) }) { return candidate }
            candidate = parent
        }
        return candidate
    }

    private func denial(matching name: DNSName) -> [DNSRecord] {
        guard case .hashed(let parameters, _) = signer?.denial else { return plainDenial(name) }
        let hash = parameters.hash(of: name)
        guard let own = NextSecureHashed.owner(ofHash: hash, in: self.name), !set(own, .nsec3).isEmpty else {
            // Left out by opt-out.
            return denial(closerTo: name, than: hashedEncloser(of: name, parameters), isEmpty: true)
        }
        return set(own, .nsec3)
    }

    private func denial(ofName name: DNSName, below encloser: DNSName) -> [DNSRecord] {
        guard let wildcard = encloser.wildcard else { return [] }
        let closer = denial(closerTo: name, than: encloser, isEmpty: true)
        guard case .hashed(let parameters, _) = signer?.denial else { return closer + plainDenial(wildcard) }
        return closer + hashedGap(wildcard, parameters)
    }

    private func denial(closerTo name: DNSName, than encloser: DNSName, isEmpty: Bool = false) -> [DNSRecord] {
        guard case .hashed(let parameters, _) = signer?.denial else { return plainDenial(name) }
        let gap = hashedGap(name.suffix(labels: encloser.labelCount + 1), parameters)
        return isEmpty ? gap + denial(matching: encloser) : gap
    }

    private func hashedEncloser(of name: DNSName, _ parameters: NextSecureHashed.Parameters) -> DNSName {
        var candidate = name
        while let parent = candidate.parent, candidate != self.name {
            candidate = parent
            if let owner = NextSecureHashed.owner(ofHash: parameters.hash(of: candidate), in: self.name),
                !set(owner, .nsec3).isEmpty
            {
                return candidate
            }
        }
        return candidate
    }

    private func plainDenial(_ name: DNSName) -> [DNSRecord] {
        let owners = records.filter { $0.type == .nsec }.map(\.owner)
        return owners.filter { $0 < name || $0 == name }.max().map { set($0, .nsec) } ?? []
    }

    private func hashedGap(_ name: DNSName, _ parameters: NextSecureHashed.Parameters) -> [DNSRecord] {
        let hash = parameters.hash(of: name)
        let links = records.compactMap(NextSecureHashed.init).sorted {
            ($0.ownerHash ?? []).lexicographicallyPrecedes($1.ownerHash ?? [])
        }
        let link = links.last { ($0.ownerHash ?? []).lexicographicallyPrecedes(hash) } ?? links.last
        return link.map { set($0.owner, .nsec3) } ?? []
    }

    static func moved(_ record: DNSRecord, to owner: DNSName, timeToLive: UInt32? = nil) throws -> DNSRecord {
        let timeToLive = timeToLive ?? record.timeToLive
        if case .other(let octets) = record.data {
            return DNSRecord(owner: owner, type: record.type, timeToLive: timeToLive, octets: octets)
        }
        guard let moved = DNSRecord(owner: owner, timeToLive: timeToLive, data: record.data) else {
            throw DNSNameError.malformed
        }
        return moved
    }

    private static func synthesize(_ name: DNSName, _ redirection: DNSRecord) throws -> DNSRecord {
        guard case .other(let octets) = redirection.data else { throw DNSNameError.malformed }
        let target = try DNSName(wire: name.wire.dropLast(redirection.owner.wire.count) + octets)
        return try moved(
            DNSRecord(owner: name, timeToLive: redirection.timeToLive, data: .cname(target)) ?? redirection, to: name)
    }
}
