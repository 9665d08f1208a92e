public import DNSMessages

/// One query to one server, for the transport to carry out.
public struct Attempt: Hashable, Sendable {
    /// Tells this attempt from all others of the same resolver, past ones included.
    public let identifier: Int
    /// The index of the server in ``ResolutionPlan/servers``.
    public let server: Int
    /// How the query travels.
    public let transport: AnswerSource.Transport
    /// What is asked: what somebody asked, a name that an alias led to, or keys that a proof needs.
    public let question: DNSQuestion
    /// Whether signatures are wanted with the records: the DO bit, which also makes servers say what they validated.
    public let wantsSignatures: Bool
    /// Whether the server shall leave validation to us: the CD bit (RFC 6840 §5.9).
    public let disablesChecking: Bool
    /// Whether nothing may be sent before the server has proved by certificate or pin who it is (RFC 8310 §5).
    public let requiresAuthentication: Bool
    /// Whether all servers were asked in vain before: time to leave out what some middleboxes break, as a random letter
    /// case.
    public let isRepetition: Bool

    /// Makes an attempt.
    public init(
        identifier: Int, server: Int, transport: AnswerSource.Transport, question: DNSQuestion,
        wantsSignatures: Bool = false, disablesChecking: Bool = false, requiresAuthentication: Bool = false,
        isRepetition: Bool = false
    ) {
        self.identifier = identifier
        self.server = server
        self.transport = transport
        self.question = question
        self.wantsSignatures = wantsSignatures
        self.disablesChecking = disablesChecking
        self.requiresAuthentication = requiresAuthentication
        self.isRepetition = isRepetition
    }
}
