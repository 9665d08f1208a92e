public import DNSTransport
public import Diagnostics
public import DomainAssociation
public import EventLoops
public import POSHTransport

/// The daemon's one retriever of POSH documents with its surroundings: log, metrics, and a change of settings while it
/// runs.
public final class POSHService: Sendable {
    private let shared: SharedPOSHClient

    /// Starts it, on a loop of its own.
    ///
    /// - Parameters:
    ///   - settings: What holds for retrievals.
    ///   - resolver: Makes the resolver of its loop, on that loop.
    ///   - wallClock: Seconds since 1970: how long documents count.
    /// - Throws: ``SystemError`` when the system has no room for a loop.
    public init(
        _ settings: RetrievalSettings, log: LogOutput, metrics: Metrics,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.system,
        resolver: @escaping @Sendable (EventLoop) -> any NameResolver
    ) throws(SystemError) {
        let reports = POSHLog(log.logger("posh"))
        shared = try SharedPOSHClient(settings, resolver: resolver, wallClock: wallClock) { report in
            metrics.add(1, to: .poshRetrievals)
            if report.hasFailed { metrics.add(1, to: .poshRetrievalsFailed) }
            reports.write(report)
        }
    }

    /// What streams of one loop ask.
    public func source(on loop: EventLoop) -> any PublishedKeysSource { shared.source(on: loop) }

    /// Goes by other settings from now on; what was retrieved under rules that have changed is forgotten.
    public func adopt(_ settings: RetrievalSettings) { shared.replace(settings) }

    /// Ends all retrievals.
    public func shutDown() { shared.shutDown() }
}
