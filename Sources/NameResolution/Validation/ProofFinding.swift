internal import DNSMessages

/// What came of the proof of one claim: a record set, or an absence.
struct ProofFinding: Hashable, Sendable {
    var status: SecurityStatus
    /// Why, in one sentence.
    var reason: String
    /// The steps from the trust anchor.
    var chain: [ValidationReport.Link] = []
    /// How long it holds from now on; nil when it rests on no signature.
    var lifetime: Duration?

    /// What two claims come to together: the status and the reason of the weaker, the later one of equals.
    func followed(by other: ProofFinding) -> ProofFinding {
        let status = status.combined(with: other.status)
        let decisive = status == other.status ? other : self
        let lifetimes = [lifetime, other.lifetime].compactMap(\.self)
        return ProofFinding(
            status: status, reason: decisive.reason, chain: chain + other.chain.filter { !chain.contains($0) },
            lifetime: lifetimes.min())
    }

    /// The verdict on a task of which this is all.
    var verdict: ValidationVerdict {
        let isUsable = status == .secure || status == .insecure
        return ValidationVerdict(
            report: ValidationReport(status: status, reason: reason, chain: chain), lifetime: isUsable ? lifetime : nil)
    }
}
