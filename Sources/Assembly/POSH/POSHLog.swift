internal import Diagnostics
internal import DomainAssociation
internal import Logging
internal import POSHTransport
internal import Prooftypes
internal import Synchronization
internal import XMPPModel

/// Writes what retrievals of POSH documents came to. What a document warns of is written once for each document, and not
/// once for each retrieval.
final class POSHLog: Sendable {
    private let log: Logger
    private let warned = Mutex<[DomainName: String]>([:])

    /// Domains whose warnings are remembered; beyond that the memory begins anew.
    private static let memory = 1024

    init(_ log: Logger) {
        self.log = log
    }

    func write(_ report: POSHReport) {
        warn(report)
        let keys = report.keys
        let (level, message, reason): (Logger.Level, Logger.Message, String) =
            switch keys.content {
            case .material(let material): (.info, "POSH document retrieved", material.remarks.joined(separator: "; "))
            case .none(let reason), .unanswered(let reason): (.debug, "no POSH document", reason)
            // Others write what is wrong here, so that it is worth a line and no more.
            case .invalid(let reason): (.notice, "the POSH document cannot be used", reason)
            case .refused(let reason) where keys.urls.count > 1:
                (.notice, "the POSH document was not retrieved", reason)
            // Nothing says that the domain has a document at all.
            case .refused(let reason): (.info, "the POSH document was not retrieved", reason)
            }
        let time = report.duration.components
        let seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
        log.log(
            level: level, message,
            metadata: .facts([
                .remote: report.question.domain.description, .prooftype: "posh",
                .question: keys.urls.joined(separator: " "), .reason: reason,
                .duration: "\((seconds * 1000).rounded() / 1000)",
            ]))
    }

    private func warn(_ report: POSHReport) {
        let domain = report.question.domain
        let isNew = warned.withLock { warned in
            guard warned[domain] != report.keys.warning else { return false }
            if warned.count >= Self.memory { warned.removeAll() }
            warned[domain] = report.keys.warning
            return true
        }
        guard isNew, let warning = report.keys.warning else { return }
        log.warning(
            "a POSH document publishes what must stay secret",
            metadata: .facts([
                .remote: domain.description, .prooftype: "posh", .question: report.keys.finalURL ?? "",
                .reason: warning,
                .fix: "tell the domain's operator; Ligase passes the key over",
            ]))
    }
}
