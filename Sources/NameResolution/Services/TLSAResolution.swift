public import DNSMessages
public import XMPPModel

/// The TLSA records that count for one endpoint.
public struct TLSAResolution: Hashable, Sendable {
    /// The name that the records stand below, for SNI and as reference identifier (RFC 7671 §7): the host at the end of
    /// secure aliases where that has records, or else the host as named.
    public let base: DNSName
    /// The records; none unless they are secure.
    public let records: [TLSARecord]
    /// How far the answer can be trusted: secure records bind, a secure lack of them is a proof, an insecure answer says
    /// nothing.
    public let security: SecurityStatus
    /// Why nobody knows: then no connection is to be made (RFC 7673 §3.4). Nil for an answer, even an empty one.
    public let failure: LookupFailure?
    /// How long this holds from now on; zero where nothing was asked.
    public let lifetime: Duration
    /// What validation found; nil where nothing was asked, or nothing validated.
    public let report: ValidationReport?

    /// Makes a resolution.
    public init(
        base: DNSName, records: [TLSARecord], security: SecurityStatus, failure: LookupFailure?,
        lifetime: Duration = .zero, report: ValidationReport? = nil
    ) {
        self.base = base
        self.records = records
        self.security = security
        self.failure = failure
        self.lifetime = lifetime
        self.report = report
    }

    /// What an answer says; records that are not secure are as good as none (RFC 6698 §4.1).
    public init(base: DNSName, from answer: Answer) {
        let records = answer.records.compactMap { record -> TLSARecord? in
            guard case .tlsa(let association) = record.data else { return nil }
            return association
        }
        self.init(
            base: base, records: answer.security == .secure ? records : [], security: answer.security,
            failure: answer.failure, lifetime: answer.lifetime, report: answer.report)
    }
}
