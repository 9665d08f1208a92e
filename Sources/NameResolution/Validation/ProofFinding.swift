internal import DNSMessages

/// What came of the proof of one claim: a record set, or an absence.
struct ProofFinding: Hashable, Sendable {
    var status: SecurityStatus
    private(set) var text: ReportText
    /// From the trust anchor; without the last where that follows from the reason.
    private let steps: [ValidationReport.Link]
    /// How long it holds from now on; nil when it rests on no signature.
    var lifetime: Duration?
    /// The zone of the step that the reason describes, if that is not among the steps.
    private let concludingZone: DNSName?

    init(status: SecurityStatus, reason: String, chain: [ValidationReport.Link] = [], lifetime: Duration? = nil) {
        self.init(status: status, reason: .words(reason), steps: chain, lifetime: lifetime)
    }

    /// A record set that a signature by a zone proves.
    ///
    /// - Parameter chain: The steps as far as the zone.
    init(_ signature: ReportText, in zone: DNSName, after chain: [ValidationReport.Link], lifetime: Duration) {
        self.init(status: .secure, reason: signature, steps: chain, lifetime: lifetime, concludingZone: zone)
    }

    private init(
        status: SecurityStatus, reason: ReportText, steps: [ValidationReport.Link], lifetime: Duration?,
        concludingZone: DNSName? = nil
    ) {
        self.status = status
        text = reason
        self.steps = steps
        self.lifetime = lifetime
        self.concludingZone = concludingZone
    }

    /// Why, in one sentence.
    var reason: String { text.description }

    /// The steps from the trust anchor.
    var chain: [ValidationReport.Link] { report.chain }

    /// The same with the reason of another.
    func explained(by other: ProofFinding) -> ProofFinding {
        var copy = self
        copy.text = other.text
        return copy
    }

    /// What two claims come to together: the status and the reason of the weaker, the later one of equals.
    func followed(by other: ProofFinding) -> ProofFinding {
        let status = status.combined(with: other.status)
        let decisive = status == other.status ? other : self
        let lifetimes = [lifetime, other.lifetime].compactMap(\.self)
        let chain = chain
        return ProofFinding(
            status: status, reason: decisive.text, steps: chain + other.chain.filter { !chain.contains($0) },
            lifetime: lifetimes.min())
    }

    /// The verdict on a task of which this is all.
    var verdict: ValidationVerdict {
        let isUsable = status == .secure || status == .insecure
        return ValidationVerdict(report: report, lifetime: isUsable ? lifetime : nil)
    }

    private var report: ValidationReport {
        ValidationReport(status: status, reason: text, steps: steps, concludingZone: concludingZone)
    }
}
