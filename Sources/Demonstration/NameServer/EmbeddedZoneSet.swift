internal import DNSMessages

/// The zones of one name server, which answers from them as a recursor does: from the deepest zone, across aliases.
struct EmbeddedZoneSet: Sendable {
    private let zones: [EmbeddedZone]

    init(_ zones: [EmbeddedZone]) {
        // The deepest first, so that the first at or above a name is its own.
        self.zones = zones.sorted { $0.origin.labelCount > $1.origin.labelCount }
    }

    /// What the zones say to a query; refused outside them.
    func response(to query: DNSQuery) -> DNSResponse {
        guard let reply = reply(to: query.question) else { return DNSResponse(to: query, code: .refused) }
        let isShown = { (record: DNSRecord) in
            query.wantsSignatures || record.type == query.question.type || !Self.signingTypes.contains(record.type)
        }
        return DNSResponse(
            to: query, code: reply.code, isAuthoritative: true, answers: reply.answers.filter(isShown),
            authorities: reply.authorities.filter(isShown))
    }

    /// Shown to those that set DO, or ask for them (RFC 4035 §3.1).
    private static let signingTypes: Set<RecordType> = [.rrsig, .nsec, .nsec3]

    /// All that the zones say to a question; nil where none is at or above the name.
    func reply(to question: DNSQuestion) -> EmbeddedZone.Reply? {
        guard let first = zone(of: question.name, question.type) else { return nil }
        var whole = first.step(question.name, question.type)
        for _ in 0..<EmbeddedZone.mostAliases {
            guard let name = whole.alias, let zone = zone(of: name, question.type) else { break }
            let next = zone.step(name, question.type)
            whole.alias = next.alias
            whole.code = next.code
            // A loop is answered with itself, as real servers do.
            guard !next.answers.contains(where: whole.answers.contains) || next.alias == nil else { break }
            whole.answers += next.answers
            whole.authorities += next.authorities.filter { !whole.authorities.contains($0) }
        }
        whole.alias = nil
        return whole
    }

    /// The zone that knows of a name; of a zone's DS, the one above it (RFC 4035 §3.1.4.1).
    private func zone(of name: DNSName, _ type: RecordType) -> EmbeddedZone? {
        let holders = zones.filter { name.isAtOrBelow($0.origin) }
        guard type == .ds, let own = holders.first, own.origin == name, holders.count > 1 else { return holders.first }
        return holders[1]
    }
}
