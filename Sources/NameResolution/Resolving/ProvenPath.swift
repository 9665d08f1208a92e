internal import DNSMessages

/// How far a chain of aliases can be trusted: as far as its weakest step (DS-13).
struct ProvenPath: Sendable {
    private(set) var lifetime = Duration.seconds(Int64.max)
    private var steps: [ValidationReport] = []
    private var hasUnvalidated = false

    /// A step that nobody validated.
    mutating func addUnvalidated() {
        hasUnvalidated = true
    }

    mutating func add(_ report: ValidationReport, lifetime: Duration?) {
        steps.append(report)
        self.lifetime = min(self.lifetime, lifetime ?? self.lifetime)
    }

    var status: SecurityStatus {
        guard let first = steps.first, !hasUnvalidated else {
            return steps.reduce(.insecure) { $0.combined(with: $1.status) }
        }
        return steps.dropFirst().reduce(first.status) { $0.combined(with: $1.status) }
    }

    /// All steps in one report, with the reason of the weakest; nil when nothing was validated.
    var report: ValidationReport? {
        guard let first = steps.first else { return nil }
        guard steps.count > 1 || hasUnvalidated else { return first }
        let status = status
        let reason =
            steps.first { $0.status == status }?.reason ?? "an alias leads through a zone that is not validated"
        var chain: [ValidationReport.Link] = []
        for link in steps.flatMap(\.chain) where !chain.contains(link) { chain.append(link) }
        return ValidationReport(status: status, reason: reason, chain: chain)
    }
}
