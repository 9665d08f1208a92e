public import Administration
internal import Configuration
public import DNSTransport
public import Diagnostics
public import DomainAssociation
public import EventLoops
internal import Logging
internal import Routing
internal import StreamProtocol
public import XMPPModel

/// The daemon without its surroundings: start, reload, drain, stop, and what an operator asks of it.
///
/// An actor, because all of that is cold; no stanza ever waits for it.
public actor FederationService {
    /// Sockets to listen on, by what they are for.
    public struct Listeners: Sendable {
        /// Streams between servers that begin in clear.
        public var s2s: [ListeningSocket] = []
        /// Streams between servers that begin with TLS.
        public var s2sDirectTLS: [ListeningSocket] = []
        /// XEP-0114.
        public var component: [ListeningSocket] = []

        /// No sockets yet.
        public init() {}
    }

    /// The most that a drain takes: what interface and service manager allow, with a margin.
    static let drainLimit = Duration.seconds(15)

    /// The counters of this service.
    public nonisolated let metrics: Metrics
    /// The keys that remote domains were proved with.
    public nonisolated let knownKeys: KnownKeys

    private let group: EventLoopGroup
    let shared: FederationShared
    private var gatekeeper: LoopReference<Gatekeeper>?
    /// What runs now.
    public private(set) var deployment: Deployment
    private var isDraining = false
    private var latestAdoption: Task<ReloadReply, Never>?

    /// Makes the switchboards, one for each loop; nothing is accepted yet.
    ///
    /// - Parameters:
    ///   - resolver: Makes the resolver of one loop, on that loop.
    ///   - wallClock: Seconds since 1970.
    ///   - publishedKeys: Makes what retrieves POSH documents on one loop, on that loop; nil for nothing.
    ///   - knownKeys: The keys that remote domains were proved with.
    ///   - proofPace: How often proofs are renewed while streams live.
    ///   - observe: Is told what happens, on the loop where it happens; to return at once.
    public init(
        _ deployment: Deployment, on group: EventLoopGroup, log: LogOutput, metrics: Metrics = Metrics(),
        wallClock: @escaping @Sendable () -> Int64,
        resolver: @escaping @Sendable (EventLoop) -> any NameResolver,
        publishedKeys: @escaping @Sendable (EventLoop, any NameResolver) -> (any PublishedKeysSource)? = { _, _ in nil
        },
        knownKeys: KnownKeys = KnownKeys(), proofPace: ProofPace = .standard,
        observe: (@Sendable (FederationFact) -> Void)? = nil
    ) {
        self.deployment = deployment
        self.group = group
        self.metrics = metrics
        self.knownKeys = knownKeys
        let shared = FederationShared(
            log: log.logger("federation"), metrics: metrics, loopCount: group.count, wallClock: wallClock,
            knownKeys: knownKeys, proofPace: proofPace, observe: observe)
        self.shared = shared
        let references = (0..<group.count).map { index in
            let loop = group[index]
            return loop.run {
                let names = resolver(loop)
                return LoopReference(
                    Switchboard(
                        index: index, loop: loop, resolver: names, publishedKeys: publishedKeys(loop, names),
                        deployment: deployment, shared: shared),
                    on: loop)
            }
        }
        let first = group[0]
        let gatekeeper = first.run {
            LoopReference(Gatekeeper(loop: first, shared: shared, limits: deployment), on: first)
        }
        self.gatekeeper = gatekeeper
        shared.set(references) { prefix in gatekeeper.post { $0.release(prefix) } }
    }

    /// Accepts connections.
    ///
    /// - Throws: ``ListenFailure`` when a socket cannot be watched.
    public func start(_ listeners: Listeners) async throws {
        let sockets =
            listeners.s2s.map { ($0, ListenerKind.s2s) } + listeners.s2sDirectTLS.map { ($0, .s2sDirectTLS) }
            + listeners.component.map { ($0, .component) }
        for (socket, kind) in sockets {
            let failure = await gatekeeper?.ask { gatekeeper -> ListenFailure? in
                do throws(ListenFailure) {
                    try gatekeeper.listen(socket, for: kind)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure = failure.flatMap({ $0 }) { throw failure }
        }
    }

    /// Puts a new deployment in force; streams whose settings did not change stay.
    public func adopt(_ deployment: Deployment) async -> ReloadReply {
        // One after the other, or a loop might take the later one first.
        let adoption = Task { [latestAdoption] in
            _ = await latestAdoption?.value
            return await putInForce(deployment)
        }
        latestAdoption = adoption
        return await adoption.value
    }

    private func putInForce(_ deployment: Deployment) async -> ReloadReply {
        let former = self.deployment
        self.deployment = deployment
        await gatekeeper?.ask { $0.adopt(deployment) }
        let change = DeploymentChange(from: former, to: deployment)
        var reply = ReloadReply()
        for reference in shared.allSwitchboards {
            reply.closed += await reference.ask { $0.adopt(deployment, after: change) }
        }
        for portion in await portions() {
            let closed = await portion.switchboard.ask {
                $0.endUnwantedPairs(of: portion.streams, after: change, before: former)
            }
            reply.closed += closed
            reply.kept += portion.streams.count - closed.count
        }
        reply.added = change.added.sorted()
        reply.removed = change.removed.sorted()
        reply.changed = change.changed.sorted()
        return reply
    }

    /// Accepts no more, returns or flushes what waits, and closes every stream in order (XS-24); ends when all are gone,
    /// at the latest after ``drainLimit``.
    public func drain() async {
        guard !isDraining else { return }
        isDraining = true
        await gatekeeper?.ask { $0.stopListening() }
        for reference in shared.allSwitchboards { _ = await reference.ask { $0.drain() } }
        let start = ContinuousClock.now
        await wait(until: start + Self.drainLimit) { $0.haveStreamsEnded }
        for reference in shared.allSwitchboards { _ = await reference.ask { $0.closeBackends() } }
        await wait(until: start + Self.drainLimit) { $0.haveBackendsEnded }
        // One more round lets what the last close wrote leave.
        try? await Task.sleep(for: .milliseconds(50))
    }

    private func wait(until deadline: ContinuousClock.Instant, _ condition: @escaping @Sendable (Switchboard) -> Bool)
        async
    {
        while ContinuousClock.now < deadline {
            var isMet = true
            for reference in shared.allSwitchboards where isMet { isMet = await reference.ask(condition) }
            if isMet { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until every loop has taken a turn; for ever, where one does so no more.
    public func waitForTurnOfEveryLoop() async {
        for reference in shared.allSwitchboards { await reference.ask { _ in } }
    }

    // MARK: - What an operator asks

    /// Counts for `status`; the caller adds what it knows of the process.
    public func counts() async -> ServiceCounts {
        var counts = ServiceCounts()
        for reference in shared.allSwitchboards {
            let part = await reference.ask { switchboard in
                ServiceCounts(
                    streams: switchboard.streams.count, backends: switchboard.backends.count,
                    associations: switchboard.streams.values.reduce(0) { $0 + $1.side.associations.count },
                    pairsBeingProved: switchboard.streams.values.reduce(0) { $0 + $1.judged.count },
                    dialbackQuestions: switchboard.keyQuestions.count,
                    queuedStanzas: switchboard.router.queuedStanzas, queuedBytes: switchboard.router.queuedBytes)
            }
            counts.add(part)
        }
        return counts
    }

    /// What has passed over the connections of all loops.
    func byteCounts() async -> ByteCounts {
        var counts = ByteCounts()
        for reference in shared.allSwitchboards {
            counts.add(await reference.ask { $0.byteCounts })
        }
        return counts
    }

    /// The domains whose backend is there.
    public func connectedDomains() -> Set<DomainName> {
        let builtin = deployment.hosts.filter { $0.value.service == .builtin }.keys
        return shared.directory.connected.union(builtin)
    }

    /// Closes streams in order; the names of those that were found.
    public func close(_ target: CloseTarget) async -> [StreamID] {
        var closed: [StreamID] = []
        for reference in shared.allSwitchboards {
            closed += await reference.ask { $0.close(target) }
        }
        return closed.sorted()
    }

    /// Sends stanzas as if the service behind a hosted domain had; for the demonstration and tests.
    public nonisolated func submit(_ stanzas: [Stanza], from local: DomainName) {
        shared.switchboard(0)?.post { $0.submit(stanzas, from: local) }
    }

    /// Pings a remote domain from one of ours (XEP-0199).
    ///
    /// - Returns: The time until the answer and what it said when it was an error; nil when none came in time.
    public func ping(from local: DomainName, to remote: DomainName, within limit: Duration) async -> PingReply? {
        let start = ContinuousClock.now
        let answer = await withCheckedContinuation { (continuation: CheckedContinuation<PingRegistry.Answer?, Never>) in
            let id = shared.pings.register { continuation.resume(returning: $0) }
            let ping = PingRegistry.ping(from: local, to: remote, id: id)
            shared.switchboard(shared.owner(of: remote))?.post { $0.submit([ping], from: local) }
            Task { [shared] in
                try? await Task.sleep(for: limit)
                if shared.pings.remove(id) { continuation.resume(returning: nil) }
            }
        }
        guard let answer else { return nil }
        let elapsed = start.duration(to: .now).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        let pair = DomainPair(sender: local, target: remote)
        var stream: StreamID?
        for reference in shared.allSwitchboards where stream == nil {
            stream = await reference.ask { $0.stream(of: pair) }
        }
        var reply = PingReply(local: local, remote: remote, roundTrip: seconds, stream: stream)
        if case .error(let condition, let reason) = answer { (reply.error, reply.reason) = (condition, reason) }
        return reply
    }
}

/// Counts for `status`.
public struct ServiceCounts: Hashable, Sendable {
    /// Streams between servers.
    public var streams = 0
    /// Connections of backends.
    public var backends = 0
    /// Domain pairs.
    public var associations = 0
    /// Domain pairs that are being proved.
    public var pairsBeingProved = 0
    /// Dialback keys about which authoritative servers are being asked.
    public var dialbackQuestions = 0
    /// Stanzas that wait.
    public var queuedStanzas = 0
    /// Octets of stanzas that wait.
    public var queuedBytes = 0

    mutating func add(_ other: ServiceCounts) {
        streams += other.streams
        backends += other.backends
        associations += other.associations
        pairsBeingProved += other.pairsBeingProved
        dialbackQuestions += other.dialbackQuestions
        queuedStanzas += other.queuedStanzas
        queuedBytes += other.queuedBytes
    }
}
