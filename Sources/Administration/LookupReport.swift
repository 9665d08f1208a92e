/// What `resolve` found: one question, its answer, and how far it can be trusted.
public struct LookupReport: Hashable, Sendable {
    /// How far an answer can be trusted (RFC 4033 §5).
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// Signed, with an unbroken chain from a trust anchor.
        case secure
        /// Proven to lie in an unsigned part of the tree, or not validated because validation is off.
        case insecure
        /// Ought to be signed and is not, or not rightly: never used.
        case bogus
        /// Nobody knows.
        case indeterminate

        /// The exit code of `resolve` (interface of the program): 0 to 3.
        public var exitCode: Int32 {
            switch self {
            case .secure: 0
            case .insecure: 1
            case .bogus: 2
            case .indeterminate: 3
            }
        }
    }

    /// One step of the chain of trust.
    public struct Link: Hashable, Sendable, Codable {
        /// The zone that the step is about.
        public var zone: String
        /// What the zone is after this step.
        public var status: Status
        /// The record and the key, in words.
        public var detail: String

        /// Makes a step.
        public init(zone: String, status: Status, detail: String) {
            self.zone = zone
            self.status = status
            self.detail = detail
        }
    }

    /// The name that was asked about.
    public var name: String
    /// The type that was asked for.
    public var type: String
    /// How far the answer can be trusted.
    public var status: Status
    /// `NOERROR`, `NXDOMAIN` and so on; nil when no server said anything that could be used.
    public var rcode: String?
    /// The records in presentation form; none where there are none or the answer is not to be used.
    public var records: [String]
    /// Why the status is what it is, in one sentence.
    public var reason: String
    /// What to do, and who has to; nil when all is well.
    public var fix: String?
    /// Who answered, as the configuration names it, and for a failure who was asked last; nil when nobody was.
    public var server: String?
    /// How the question travelled: `udp`, `tcp`, `dot` or `doh`; nil when nobody was asked.
    public var transport: String?
    /// Whether the server proved who it is; nil when nobody was asked.
    public var authenticated: Bool?
    /// The steps from the trust anchor to the answer; empty where nothing was validated.
    public var chain: [Link]

    /// Makes a report of a lookup that nobody answered; the rest is set afterwards.
    public init(name: String, type: String, status: Status, reason: String) {
        self.name = name
        self.type = type
        self.status = status
        self.reason = reason
        records = []
        chain = []
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension LookupReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, type, status, rcode, records, reason, fix, server, transport, authenticated, chain
    }

    /// Writes what `resolve --json` prints.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(type, forKey: .type)
        try container.encode(status, forKey: .status)
        try container.encode(rcode, forKey: .rcode)
        try container.encode(records, forKey: .records)
        try container.encode(reason, forKey: .reason)
        try container.encode(fix, forKey: .fix)
        try container.encode(server, forKey: .server)
        try container.encode(transport, forKey: .transport)
        try container.encode(authenticated, forKey: .authenticated)
        try container.encode(chain, forKey: .chain)
    }
}

extension LookupReport {
    /// The lines that `resolve` prints, each with its line feed.
    public var text: String {
        var lines = records
        if !lines.isEmpty { lines.append("") }
        lines.append("\(name) \(type): \(status.rawValue)" + (rcode.map { " (\($0))" } ?? ""))
        if !reason.isEmpty { lines.append("reason  " + reason) }
        if let fix { lines.append("fix     " + fix) }
        if let server {
            let proof = authenticated == true ? "authenticated" : "not authenticated"
            lines.append("server  " + server + (transport.map { " (\($0), \(proof))" } ?? ""))
        }
        for (index, link) in chain.enumerated() {
            lines.append(
                (index == 0 ? "chain   " : "        ") + "\(link.zone) \(link.status.rawValue): \(link.detail)")
        }
        return lines.map { DisplayText.escaped($0) + "\n" }.joined()
    }
}
