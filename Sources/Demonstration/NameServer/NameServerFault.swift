public import DNSMessages

/// What an embedded name server does wrong on purpose.
///
/// Signatures that are wrong in themselves are made with the zones: see ``SignedZone``.
public enum NameServerFault: Hashable, Sendable {
    /// Answers SERVFAIL.
    case serverFailure
    /// Answers nothing.
    case drop
    /// Closes the connection instead of answering; over UDP it answers nothing.
    case disconnect
    /// Answers with octets that are no message.
    case garbage
    /// Answers over UDP that the answer is truncated; over a connection as it should.
    case truncate
    /// Answers with another identifier.
    case wrongIdentifier
    /// Answers another question.
    case wrongName
    /// Answers over UDP from another port.
    case wrongSource
    /// Answers that there are no records and no SOA.
    case emptyAnswer
    /// Leaves the signatures out.
    case stripSignatures
    /// Leaves NSEC and NSEC3 records out, with their signatures.
    case stripDenial
    /// Says that it validated the answer (AD), which it never does.
    case claimAuthenticated
    /// Answers these records in place of the true ones, without signatures.
    case forge([DNSRecord])
    /// Answers these records in place of the true ones, under the signatures of those.
    case forgeUnderSignature([DNSRecord])
}
