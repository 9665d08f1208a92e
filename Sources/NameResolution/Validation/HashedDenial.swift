internal import DNSMessages

/// What a zone denies by NSEC3 records whose signatures were checked (RFC 5155 §8).
struct HashedDenial: Sendable {
    private struct Link {
        let hash: [UInt8]
        let record: NextSecureHashed
    }

    private struct Enclosure {
        let encloser: DNSName
        /// The record that covers the next closer name.
        let gap: Link
    }

    /// The size of a SHA-1 hash.
    private static let hashOctets = 20

    private let zone: DNSName
    private let links: [Link]
    private let parameters: NextSecureHashed.Parameters?
    private let isMixed: Bool

    /// - Parameter records: Records right below the zone, none of them made from a wildcard.
    init(zone: DNSName, records: [NextSecureHashed]) {
        self.zone = zone
        // RFC 5155 §8.1, §8.2: unknown hashes and flags are ignored.
        let known = records.filter {
            $0.parameters.algorithm == NextSecureHashed.Parameters.sha1
                && $0.flags & ~NextSecureHashed.optOutFlag == 0
        }
        let links = known.compactMap { record -> Link? in
            guard let hash = record.ownerHash, record.zone == zone, hash.count == Self.hashOctets,
                record.nextHash.count == Self.hashOctets
            else { return nil }
            return Link(hash: hash, record: record)
        }
        self.links = links
        parameters = links.first?.record.parameters
        isMixed = links.contains { $0.record.parameters != links.first?.record.parameters }
    }

    var isEmpty: Bool { links.isEmpty }

    /// Why the records cannot be used at all; nil when they can. To be asked first.
    func obstacle(iterations limit: Int) -> DenialFinding? {
        guard let parameters else { return .unproved("\(zone) has no usable NSEC3") }
        if isMixed { return .unproved("the NSEC3 records of \(zone) are of several chains") }
        if Int(parameters.iterations) > limit {
            return .unprotected("NSEC3 of \(zone) with \(parameters.iterations) iterations, more than \(limit)")
        }
        return nil
    }

    /// RFC 5155 §8.4.
    func nameDoesNotExist(_ name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> DenialFinding {
        guard let enclosure = try enclosure(of: name, work: &work) else { return .unproved(noEncloser(name)) }
        if let wildcard = enclosure.encloser.wildcard, try gap(around: wildcard, work: &work) == nil {
            return .unproved("no NSEC3 of \(zone) shows that there is no \(wildcard)")
        }
        return finding(enclosure.gap, for: name)
    }

    /// RFC 5155 §8.5, §8.6, §8.7.
    func noRecords(_ question: DNSQuestion, work: inout ProofWork) throws(ProofInterruption) -> DenialFinding {
        let (name, type) = (question.name, question.type)
        if let own = try match(name, work: &work) {
            if let objection = objection(to: own, of: name, for: type) { return .unproved(objection) }
            return .proved(describe(own, of: name))
        }
        guard let enclosure = try enclosure(of: name, work: &work) else { return .unproved(noEncloser(name)) }
        if let wildcard = enclosure.encloser.wildcard, let own = try match(wildcard, work: &work) {
            if let objection = objection(to: own, of: wildcard, for: type) { return .unproved(objection) }
            return finding(enclosure.gap, for: name)
        }
        // RFC 5155 §8.6; for the other types a name that exists only above unsigned delegations lies in such a gap.
        if enclosure.gap.record.isOptOut { return finding(enclosure.gap, for: name) }
        return .unproved("NSEC3 of \(zone) shows that \(name) does not exist, not that it has no \(type)")
    }

    /// RFC 5155 §8.8.
    func noCloserMatch(
        _ name: DNSName, encloserLabels labels: Int, work: inout ProofWork
    ) throws(ProofInterruption) -> DenialFinding {
        let nextCloser = name.suffix(labels: labels + 1)
        guard let gap = try gap(around: nextCloser, work: &work) else {
            return .unproved("no NSEC3 of \(zone) shows that nothing is closer to \(name) than the wildcard")
        }
        return finding(gap, for: nextCloser)
    }

    /// RFC 5155 §8.6, §8.9.
    func delegation(_ name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> DelegationFinding {
        if let own = try match(name, work: &work) {
            if let objection = objection(to: own, of: name, for: .ds) { return .unproved(objection) }
            let text = describe(own, of: name)
            return own.record.types.contains(.ns) ? .insecureDelegation(text) : .noCut(text)
        }
        guard let enclosure = try enclosure(of: name, work: &work) else { return .unproved(noEncloser(name)) }
        let text = describe(enclosure.gap)
        return enclosure.gap.record.isOptOut ? .insecureDelegation("opt-out \(text)") : .nothingBelow(text)
    }

    /// The closest name above that is shown to exist, with the next closer one shown not to (RFC 5155 §8.3).
    private func enclosure(of name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> Enclosure? {
        guard name.isAtOrBelow(zone) else { return nil }
        var nextCloser = name
        while nextCloser != zone, let candidate = nextCloser.parent {
            guard let own = try match(candidate, work: &work) else {
                nextCloser = candidate
                continue
            }
            guard !NameTypes(own.record.types, owner: candidate).hidesWhatIsBelow,
                let gap = try gap(around: nextCloser, work: &work)
            else { return nil }
            return Enclosure(encloser: candidate, gap: gap)
        }
        return nil
    }

    private func match(_ name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> Link? {
        guard let parameters else { return nil }
        let hash = try work.hash(of: name, parameters)
        return links.first { $0.hash == hash }
    }

    private func gap(around name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> Link? {
        guard let parameters else { return nil }
        let hash = try work.hash(of: name, parameters)
        return links.first { link in
            let isAfter = link.hash.lexicographicallyPrecedes(hash)
            let isBefore = hash.lexicographicallyPrecedes(link.record.nextHash)
            // The last record of the chain leads back to the first one.
            return link.hash.lexicographicallyPrecedes(link.record.nextHash)
                ? isAfter && isBefore : hash != link.hash && (isAfter || isBefore)
        }
    }

    private func objection(to link: Link, of name: DNSName, for type: RecordType) -> String? {
        NameTypes(link.record.types, owner: name).objection(to: type).map {
            "NSEC3 of \(name) does not deny \(type): \($0)"
        }
    }

    /// RFC 5155 §9.2: nothing is secure that hangs on an opt-out gap.
    private func finding(_ gap: Link, for name: DNSName) -> DenialFinding {
        gap.record.isOptOut
            ? .unprotected("\(name) lies in the gap of opt-out \(describe(gap))") : .proved(describe(gap))
    }

    private func noEncloser(_ name: DNSName) -> String {
        "the NSEC3 records of \(zone) do not show the closest encloser of \(name)"
    }

    private func describe(_ link: Link) -> String { "NSEC3 \(link.record.owner)" }

    private func describe(_ link: Link, of name: DNSName) -> String { "\(describe(link)) of \(name)" }
}
