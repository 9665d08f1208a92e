internal import DNSMessages

/// The proofs of a signed zone that something is absent (RFC 4035 §3.1.3, RFC 5155 §7.2); of an unsigned one, none.
struct ZoneDenial: Sendable {
    private enum Chain {
        case none
        /// The owners of NSEC records, in canonical order.
        case plain([DNSName])
        /// The owners' hashes in order, with the records and their signatures.
        case hashed(NextSecureHashed.Parameters, [Gap])
    }

    private struct Gap {
        let hash: [UInt8]
        let records: [DNSRecord]
    }

    private let chain: Chain
    private let origin: DNSName

    init(_ records: [DNSRecord], of origin: DNSName) {
        self.origin = origin
        let hashed = records.compactMap(NextSecureHashed.init)
        let plain = Set(records.filter { $0.type == .nsec }.map(\.owner)).sorted()
        if let parameters = hashed.first?.parameters {
            let byOwner = Dictionary(
                grouping: records.filter { $0.type == .nsec3 || $0.coveredType == .nsec3 }, by: \.owner)
            let gaps = hashed.compactMap { gap in gap.ownerHash.map { Gap(hash: $0, records: byOwner[gap.owner] ?? []) }
            }
            chain = .hashed(parameters, gaps.sorted { $0.hash.lexicographicallyPrecedes($1.hash) })
        } else {
            chain = plain.isEmpty ? .none : .plain(plain)
        }
    }

    /// That a name which exists has no records of a type, or that a delegation has no DS.
    func noRecords(at name: DNSName, in zone: EmbeddedZone) -> [DNSRecord] {
        switch chain {
        case .none: return []
        case .plain(let owners):
            let own = zone.signedSet(.nsec, at: name)
            return own.isEmpty ? covering(name, among: owners, in: zone) : own
        case .hashed:
            let own = matching(name)
            guard own.isEmpty else { return own }
            // A delegation that the chain leaves out (RFC 5155 §7.2.4): what is above it is proven instead.
            guard let above = closestProvable(to: name) else { return [] }
            return unique(matching(above) + covering(nextCloser(to: above, of: name)))
        }
    }

    /// That neither a name nor a wildcard for it exists.
    func noName(_ name: DNSName, in zone: EmbeddedZone) -> [DNSRecord] {
        let encloser = zone.closestEncloser(of: name)
        switch chain {
        case .none: return []
        case .plain(let owners):
            let wildcard = encloser.wildcard.map { covering($0, among: owners, in: zone) } ?? []
            return unique(covering(name, among: owners, in: zone) + wildcard)
        case .hashed:
            let wildcard = encloser.wildcard.map(covering) ?? []
            return unique(matching(encloser) + covering(nextCloser(to: encloser, of: name)) + wildcard)
        }
    }

    /// That a name does not exist itself, to go with what a wildcard gives; or, where that has no such records, with
    /// the proof of it.
    func noExactName(_ name: DNSName, in zone: EmbeddedZone, provingEncloser: Bool) -> [DNSRecord] {
        let encloser = zone.closestEncloser(of: name)
        switch chain {
        case .none: return []
        case .plain(let owners): return covering(name, among: owners, in: zone)
        case .hashed:
            // An answer's signature tells the encloser itself (RFC 5155 §7.2.5, §7.2.6).
            return unique(
                (provingEncloser ? matching(encloser) : []) + covering(nextCloser(to: encloser, of: name)))
        }
    }

    private func covering(_ name: DNSName, among owners: [DNSName], in zone: EmbeddedZone) -> [DNSRecord] {
        guard let owner = owners.last(where: { $0 < name }) ?? owners.last else { return [] }
        return zone.signedSet(.nsec, at: owner)
    }

    private func matching(_ name: DNSName) -> [DNSRecord] {
        guard case .hashed(let parameters, let gaps) = chain else { return [] }
        let hash = parameters.hash(of: name)
        return gaps.first { $0.hash == hash }?.records ?? []
    }

    private func covering(_ name: DNSName) -> [DNSRecord] {
        guard case .hashed(let parameters, let gaps) = chain else { return [] }
        let hash = parameters.hash(of: name)
        return (gaps.last { $0.hash.lexicographicallyPrecedes(hash) } ?? gaps.last)?.records ?? []
    }

    private func closestProvable(to name: DNSName) -> DNSName? {
        var candidate = name.parent
        while let ancestor = candidate, ancestor.isAtOrBelow(origin) {
            if !matching(ancestor).isEmpty { return ancestor }
            candidate = ancestor.parent
        }
        return nil
    }

    /// One label more than the encloser, towards the name.
    private func nextCloser(to encloser: DNSName, of name: DNSName) -> DNSName {
        name.suffix(labels: encloser.labelCount + 1)
    }

    private func unique(_ records: [DNSRecord]) -> [DNSRecord] {
        var seen: Set<DNSRecord> = []
        return records.filter { seen.insert($0).inserted }
    }
}
