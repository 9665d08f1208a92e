internal import Configuration
internal import Diagnostics
internal import EventLoops
internal import Logging
internal import Routing
internal import Synchronization
internal import XMPPModel

/// A function in a structure of its own: one that stands in a `Mutex` itself is wrapped once more at each access, in a
/// chain that grows for as long as the process lives.
private struct AdmissionRelease: Sendable {
    let action: @Sendable (AddressPrefix) -> Void
}

/// What the switchboards of all loops share.
final class FederationShared: Sendable {
    let log: Logger
    let metrics: Metrics
    let directory = BackendDirectory()
    let pings = PingRegistry()
    let knownKeys: KnownKeys
    let proofPace: ProofPace
    let congestion = CongestionBoard()
    let transit: StanzasInTransit
    let returnPaths = ReturnPaths()
    let servers = ServerDirectory()
    /// The connections that were made for questions about keys, and the dials for them.
    let questionServers = ServerDirectory()
    let loopCount: Int
    /// Seconds since 1970.
    let wallClock: @Sendable () -> Int64
    /// Who watches; nil almost always, and then no fact is made.
    let observe: (@Sendable (FederationFact) -> Void)?
    private let ids = Atomic<UInt64>(0)
    private let switchboards = Mutex<[LoopReference<Switchboard>]>([])
    private let admissionRelease = Mutex<AdmissionRelease?>(nil)

    init(
        log: Logger, metrics: Metrics, loopCount: Int, wallClock: @escaping @Sendable () -> Int64,
        knownKeys: KnownKeys, proofPace: ProofPace, observe: (@Sendable (FederationFact) -> Void)?
    ) {
        self.log = log
        self.metrics = metrics
        self.loopCount = loopCount
        transit = StanzasInTransit(loopCount: loopCount)
        self.wallClock = wallClock
        self.knownKeys = knownKeys
        self.proofPace = proofPace
        self.observe = observe
    }

    func nextID() -> StreamID { StreamID(ids.add(1, ordering: .relaxed).newValue) }

    /// Set once at start, in the order of the loops.
    func set(_ references: [LoopReference<Switchboard>], releaseAdmission: @escaping @Sendable (AddressPrefix) -> Void)
    {
        switchboards.withLock { $0 = references }
        admissionRelease.withLock { $0 = AdmissionRelease(action: releaseAdmission) }
    }

    func switchboard(_ index: Int) -> LoopReference<Switchboard>? {
        switchboards.withLock { $0.indices.contains(index) ? $0[index] : nil }
    }

    var allSwitchboards: [LoopReference<Switchboard>] { switchboards.withLock { $0 } }

    func releaseAdmission(_ prefix: AddressPrefix) { admissionRelease.withLock { $0 }?.action(prefix) }

    /// The loop that owns a remote domain: the same for every loop, and for as long as the process lives (FNV-1a).
    func owner(of domain: DomainName) -> Int {
        guard loopCount > 1 else { return 0 }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in domain.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(loopCount))
    }

    func write(_ report: RoutingReport) {
        observe?(.routed(report))
        switch report {
        case .bounced(let count, let remote, let error):
            metrics.add(count, to: .stanzasBounced)
            log.info(
                "stanzas returned",
                metadata: .facts([
                    .remote: remote.description, .count: String(count), .condition: error.condition.rawValue,
                    .reason: error.text ?? "",
                ]))
        case .dropped(let count, let remote, let error):
            log.info(
                "stanzas dropped that may not be answered",
                metadata: .facts([
                    .remote: remote.description, .count: String(count), .condition: error.condition.rawValue,
                    .reason: error.text ?? "",
                ]))
        }
    }

    /// A loop's share of the limits.
    func limits(of deployment: Deployment) -> RoutingLimits {
        let limits = deployment.configuration.limits
        return RoutingLimits(
            queuedStanzasPerDomain: limits.queuedStanzasPerDomain ?? 0,
            queuedBytesPerDomain: limits.queuedBytesPerDomain ?? 0,
            queuedBytes: limits.queuedBytes.map { max(1, $0 / loopCount) } ?? 0)
    }

    func timeouts(of deployment: Deployment) -> RoutingTimeouts {
        let timeouts = deployment.configuration.timeouts
        func seconds(_ duration: Duration) -> Double {
            Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        }
        return RoutingTimeouts(
            delivery: seconds(timeouts.delivery), retryAfterFailure: timeouts.retryAfterFailure.map(seconds))
    }
}
