/// One element of `dns` in `status`: a name server, what it is asked for, and how it fares (EN-12).
public struct NameServerSummary: Hashable, Sendable {
    /// How a server is asked, and how its answers travel.
    public enum Transport: String, Hashable, Sendable, Codable {
        /// UDP, and TCP for what does not fit, in clear.
        case cleartext
        /// DNS over TLS (RFC 7858).
        case tls = "dot"
        /// DNS over HTTPS (RFC 8484).
        case https = "doh"
    }

    /// What came of the server lately.
    public enum State: String, Hashable, Sendable, Codable {
        /// It has not been asked yet.
        case unused
        /// The last question was answered.
        case answering
        /// The last question was not answered.
        case failing
    }

    /// The server as the configuration names it, or as it was discovered.
    public var name: String
    /// How it is asked.
    public var transport: Transport
    /// `strict` or `opportunistic` (RFC 8310); nil in clear.
    public var profile: String?
    /// The zones that it is asked for; `.` is everything that no other zone takes.
    public var zones: [String]
    /// Whether it proved who it is when it answered last; nil before its first answer.
    public var authenticated: Bool?
    /// What DNSSEC says of its last answer that was judged; nil while none was, as without validation.
    public var security: LookupReport.Status?
    /// What came of it lately.
    public var state: State
    /// Why it did not answer the last question, in words; nil when it did.
    public var lastFailure: String?
    /// Answers that it gave.
    public var answers: Int
    /// Questions that it did not answer.
    public var failures: Int

    /// Makes a summary of a server that has not been asked yet; the rest is set afterwards.
    public init(name: String, transport: Transport, profile: String?, zones: [String]) {
        self.name = name
        self.transport = transport
        self.profile = profile
        self.zones = zones
        state = .unused
        answers = 0
        failures = 0
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension NameServerSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, transport, profile, zones, authenticated
        case security = "dnssec"
        case state
        case lastFailure = "last_failure"
        case answers, failures
    }

    /// Writes the element of `dns`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(transport, forKey: .transport)
        try container.encode(profile, forKey: .profile)
        try container.encode(zones, forKey: .zones)
        try container.encode(authenticated, forKey: .authenticated)
        try container.encode(security, forKey: .security)
        try container.encode(state, forKey: .state)
        try container.encode(lastFailure, forKey: .lastFailure)
        try container.encode(answers, forKey: .answers)
        try container.encode(failures, forKey: .failures)
    }
}
