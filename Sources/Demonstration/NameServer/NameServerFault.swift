/// What an embedded name server does wrong on purpose.
public enum NameServerFault: Hashable, Sendable {
    /// Answers SERVFAIL.
    case serverFailure
    /// Answers nothing.
    case drop
    /// Answers with octets that are no message.
    case garbage
    /// Answers over UDP that the answer is truncated; over TCP as it should.
    case truncate
    /// Answers with another identifier.
    case wrongIdentifier
    /// Answers another question.
    case wrongName
    /// Answers over UDP from another port.
    case wrongSource
    /// Answers that there are no records and no SOA.
    case emptyAnswer
}
