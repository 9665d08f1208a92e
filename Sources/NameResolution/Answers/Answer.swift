public import DNSMessages

/// What DNS has to say to one question, in the end.
public struct Answer: Hashable, Sendable {
    /// What was found.
    public enum Content: Hashable, Sendable {
        /// The records of the type asked for, at the name or at the end of its aliases; at least one.
        case records([DNSRecord])
        /// The name exists (or may exist) and has no such record.
        case noRecords
        /// There is no such name, so there are no records of any type.
        case nameDoesNotExist
        /// Nobody knows: never to be read as "no records" (DN-08).
        case failed(LookupFailure)
    }

    /// What was asked.
    public let question: DNSQuestion
    /// What was found.
    public let content: Content
    /// The name that has the records, at the end of the aliases; the name asked about when there are none.
    public let canonicalName: DNSName
    /// How far the answer, with the aliases that led to it, can be trusted.
    public let security: SecurityStatus
    /// How long the answer holds from now on; zero for an answer that may not be kept.
    public let lifetime: Duration
    /// What validation found; nil where nothing was validated.
    public let report: ValidationReport?
    /// Who gave the answer, and for a failure who was asked last; nil when nobody was asked.
    public let source: AnswerSource?
    /// Whether its time is over, and it is given because nobody answers any more (RFC 8767).
    public let isStale: Bool

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - canonicalName: The name asked about, unless given.
    ///   - security: Unless given, the report's; without one ``SecurityStatus/insecure``, and for a failure
    ///     ``SecurityStatus/indeterminate``.
    public init(
        to question: DNSQuestion, _ content: Content, canonicalName: DNSName? = nil,
        security: SecurityStatus? = nil, lifetime: Duration = .zero, report: ValidationReport? = nil,
        source: AnswerSource? = nil, isStale: Bool = false
    ) {
        self.question = question
        self.content = content
        self.canonicalName = canonicalName ?? question.name
        let unvalidated: SecurityStatus = if case .failed = content { .indeterminate } else { .insecure }
        self.security = security ?? report?.status ?? unvalidated
        self.lifetime = lifetime
        self.report = report
        self.source = source
        self.isStale = isStale
    }

    /// The records found: none when there are none, or nobody knows.
    public var records: [DNSRecord] {
        guard case .records(let records) = content else { return [] }
        return records
    }

    /// Why nobody knows; nil for an answer.
    public var failure: LookupFailure? {
        guard case .failed(let failure) = content else { return nil }
        return failure
    }
}
