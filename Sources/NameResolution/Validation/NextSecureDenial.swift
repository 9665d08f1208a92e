internal import DNSMessages

/// What a zone denies by NSEC records whose signatures were checked (RFC 4035 §5.4, RFC 6840 §4).
struct NextSecureDenial: Sendable {
    private let zone: DNSName
    private let records: [NextSecure]

    /// - Parameter records: Records of the zone, none of them made from a wildcard.
    init(zone: DNSName, records: [NextSecure]) {
        self.zone = zone
        self.records = records
    }

    var isEmpty: Bool { records.isEmpty }

    /// Whether there is no such name, and no wildcard that would have answered for it.
    func nameDoesNotExist(_ name: DNSName) -> DenialFinding {
        guard let gap = gap(around: name) else { return .unproved("no NSEC of \(zone) covers \(name)") }
        let encloser = closestEncloser(of: name, in: gap)
        // A wildcard too long for DNS does not exist either.
        guard let wildcard = encloser.wildcard else { return .proved(describe(gap)) }
        guard self.gap(around: wildcard) != nil else {
            return .unproved("no NSEC of \(zone) shows that there is no \(wildcard)")
        }
        return .proved(describe(gap))
    }

    /// Whether the name exists, perhaps by a wildcard or only as part of others, and has no records of a type.
    func noRecords(_ question: DNSQuestion) -> DenialFinding {
        let (name, type) = (question.name, question.type)
        if let own = records.first(where: { $0.owner == name }) {
            if let objection = objection(to: own, for: type) { return .unproved(objection) }
            return .proved(describe(own))
        }
        if let around = emptyName(name) { return .proved(describe(around)) }
        guard let gap = gap(around: name) else { return .unproved("no NSEC of \(zone) covers \(name)") }
        guard let wildcard = closestEncloser(of: name, in: gap).wildcard,
            let own = records.first(where: { $0.owner == wildcard })
        else { return .unproved("NSEC of \(zone) shows that \(name) does not exist, not that it has no \(type)") }
        if let objection = objection(to: own, for: type) { return .unproved(objection) }
        return .proved(describe(own))
    }

    /// Whether the name itself does not exist, so that a wildcard right below its suffix of `labels` labels answers.
    func noCloserMatch(_ name: DNSName, encloserLabels labels: Int) -> DenialFinding {
        guard let gap = gap(around: name), closestEncloser(of: name, in: gap).labelCount == labels else {
            return .unproved("no NSEC of \(zone) shows that nothing is closer to \(name) than the wildcard")
        }
        return .proved(describe(gap))
    }

    /// How a name below the zone stands that has no DS records (RFC 4035 §5.2, RFC 6840 §4.4).
    func delegation(_ name: DNSName) -> DelegationFinding {
        if let own = records.first(where: { $0.owner == name }) {
            if let objection = objection(to: own, for: .ds) { return .unproved(objection) }
            return own.types.contains(.ns) ? .insecureDelegation(describe(own)) : .noCut(describe(own))
        }
        if let around = emptyName(name) { return .noCut(describe(around)) }
        if let gap = gap(around: name) { return .nothingBelow(describe(gap)) }
        return .unproved("no NSEC of \(zone) covers \(name)")
    }

    /// Why the record at a name does not show that the name has no records of a type; nil when it does.
    private func objection(to record: NextSecure, for type: RecordType) -> String? {
        NameTypes(record.types, owner: record.owner).objection(to: type).map {
            "NSEC \(record.owner) does not deny \(type): \($0)"
        }
    }

    /// A record in whose gap the name lies, with nothing below it.
    private func gap(around name: DNSName) -> NextSecure? {
        records.first { covers($0, name) && !$0.next.isAtOrBelow(name) }
    }

    /// A record that shows that the name exists only because of the names below it.
    private func emptyName(_ name: DNSName) -> NextSecure? {
        records.first { covers($0, name) && $0.next != name && $0.next.isAtOrBelow(name) }
    }

    private func covers(_ record: NextSecure, _ name: DNSName) -> Bool {
        guard name.isAtOrBelow(zone), name != zone, record.owner < name,
            name < record.next || record.next == zone
        else { return false }
        // RFC 6840 §4.1: names below a delegation or a DNAME are not the zone's to deny.
        let isBelow = name.isAtOrBelow(record.owner)
        return !(isBelow && NameTypes(record.types, owner: record.owner).hidesWhatIsBelow)
    }

    /// The closest name above that exists: both ends of the gap exist, with everything above them.
    private func closestEncloser(of name: DNSName, in gap: NextSecure) -> DNSName {
        let candidates = [name.commonAncestor(with: gap.owner), name.commonAncestor(with: gap.next)]
        return candidates[0].labelCount > candidates[1].labelCount ? candidates[0] : candidates[1]
    }

    private func describe(_ record: NextSecure) -> String { "NSEC \(record.owner) → \(record.next)" }
}
