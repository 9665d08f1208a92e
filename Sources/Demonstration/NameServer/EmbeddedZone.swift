public import DNSMessages

/// A zone that the embedded name server speaks for: its records, and what it says where there are none.
public struct EmbeddedZone: Sendable {
    /// What a zone says to a question.
    public struct Reply: Hashable, Sendable {
        /// NOERROR or NXDOMAIN.
        public let code: ResponseCode
        /// The records, aliases that lead to them included.
        public let answers: [DNSRecord]
        /// The SOA record where there are none.
        public let authorities: [DNSRecord]
    }

    /// The name of the zone.
    public let origin: DNSName
    private let start: DNSRecord
    private let records: [DNSName: [DNSRecord]]
    /// All names that exist, those included that only have others below them (RFC 8020).
    private let existing: Set<DNSName>

    private static let defaultNegativeSeconds: UInt32 = 60
    private static let mostAliases = 32

    /// A zone of the given records; without an SOA among them it gets one, whose negative answers last a minute.
    public init(origin: DNSName, records: [DNSRecord]) {
        self.origin = origin
        let given = records.first { $0.type == .soa && $0.owner == origin }
        let made = DNSRecord(
            owner: origin, timeToLive: Self.defaultNegativeSeconds,
            data: .soa(
                StartOfAuthority(
                    primaryServer: origin, responsibleMailbox: origin, minimum: Self.defaultNegativeSeconds)))
        let start = given ?? made ?? DNSRecord(owner: origin, type: .soa, timeToLive: 0, octets: [])
        self.start = start
        let all = given == nil ? records + [start] : records
        self.records = Dictionary(grouping: all, by: \.owner)
        var existing: Set<DNSName> = []
        for owner in all.map(\.owner) {
            var name: DNSName? = owner
            while let present = name, present.isAtOrBelow(origin), existing.insert(present).inserted {
                name = present.parent
            }
        }
        self.existing = existing
    }

    /// A zone from its text; see ``ZoneText`` for the form.
    ///
    /// - Throws: ``ZoneTextError`` with the line.
    public init(origin: String, text: String) throws(ZoneTextError) {
        let name = try ZoneText.name(origin, below: .root, line: 0)
        self.init(origin: name, records: try ZoneText.records(in: text, origin: name))
    }

    /// What the zone says to a question at or below its origin.
    public func reply(to question: DNSQuestion) -> Reply {
        var answers: [DNSRecord] = []
        var name = question.name
        for _ in 0..<Self.mostAliases {
            guard name.isAtOrBelow(origin) else { return Reply(code: .noError, answers: answers, authorities: []) }
            let here = records[name] ?? []
            let wanted = here.filter { $0.type == question.type }
            guard wanted.isEmpty else {
                return Reply(code: .noError, answers: answers + wanted, authorities: [])
            }
            guard let alias = here.first(where: { $0.type == .cname }), case .cname(let target) = alias.data else {
                let code: ResponseCode = existing.contains(name) ? .noError : .nameError
                return Reply(code: code, answers: answers, authorities: [start])
            }
            guard !answers.contains(alias) else { break }
            answers.append(alias)
            name = target
        }
        // A loop is answered with itself, as real servers do.
        return Reply(code: .noError, answers: answers, authorities: [])
    }
}
