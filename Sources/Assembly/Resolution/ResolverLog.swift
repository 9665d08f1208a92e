internal import DNSMessages
internal import DNSTransport
internal import Diagnostics
internal import Logging
internal import NameResolution
internal import Synchronization

/// Writes what the resolver reports, the same thing once a minute at most: an attacker who forges answers shall not fill
/// the disk as well.
final class ResolverLog: Sendable {
    private struct Written {
        var at: ContinuousClock.Instant
        var keptBack = 0
    }

    private let log: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let written = Mutex<[String: Written]>([:])

    private static let interval = Duration.seconds(60)
    /// Different things that are remembered; beyond that the memory begins anew.
    private static let memory = 1024

    init(_ log: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.log = log
        self.now = now
    }

    /// Writes a report, unless the same was written lately.
    func write(_ report: ResolverReport, in plan: ResolutionPlan) {
        let text = report.text(in: plan)
        guard let keptBack = mayWrite(subject(of: report, text)) else { return }
        let suffix = keptBack == 0 ? "" : " (and \(keptBack) more of the kind)"
        log.log(level: Self.level(of: report), "\(text)\(suffix)")
    }

    /// Writes what was found out, unless the same was written lately.
    func write(_ report: DiscoveryReport) {
        let text = report.description
        guard mayWrite(text) != nil else { return }
        log.log(level: Self.level(of: report), "\(text)")
    }

    /// How many were kept back since the last one; nil when this one is to be kept back as well.
    private func mayWrite(_ subject: String) -> Int? {
        let now = now()
        return written.withLock { written in
            if let last = written[subject], now - last.at < Self.interval {
                written[subject]?.keptBack += 1
                return nil
            }
            let keptBack = written[subject]?.keptBack ?? 0
            if written.count >= Self.memory { written.removeAll() }
            written[subject] = Written(at: now)
            return keptBack
        }
    }

    /// What counts as the same thing: names that a stranger can make up as many as there are words are one.
    private func subject(of report: ResolverReport, _ text: String) -> String {
        switch report {
        case .authenticationFailed(let server, _): "authentication \(server)"
        case .unauthenticated(let server): "unauthenticated \(server)"
        case .postponed(let server, _, _): "postponed \(server)"
        case .recovered(let server): "recovered \(server)"
        case .bogus(_, let server, let report): "bogus \(server) \(report.chain.last?.zone.description ?? "")"
        case .servedStale: "stale"
        case .zoneLapsed: text
        }
    }

    private static func level(of report: DiscoveryReport) -> Logger.Level {
        switch report {
        case .designation(_, let used, _): used.isEmpty ? .warning : .notice
        case .provisioning(.failed), .provisioning(.lapsed): .warning
        case .provisioning(.learnt), .provisioning(.notAllowed), .provisioning(.tooHigh): .notice
        case .trustAnchor(.queryFailed), .trustAnchor(.notValidated), .trustAnchor(.trustPointDeleted),
            .trustAnchor(.savedStateUnusable), .trustAnchor(.keyRevoked):
            .warning
        case .trustAnchor(.keyPending), .trustAnchor(.keyTrusted), .trustAnchor(.keyWithdrawn),
            .trustAnchor(.keyMissing):
            .notice
        }
    }

    private static func level(of report: ResolverReport) -> Logger.Level {
        switch report {
        case .authenticationFailed, .unauthenticated, .postponed, .bogus: .warning
        case .recovered, .servedStale, .zoneLapsed: .notice
        }
    }
}
