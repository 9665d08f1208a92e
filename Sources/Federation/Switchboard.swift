internal import Configuration
internal import DNSTransport
internal import Diagnostics
internal import DomainAssociation
internal import EventLoops
internal import Logging
internal import Routing
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Performs routing on one loop: its router, its streams, its backends. Lives on that loop only.
final class Switchboard {
    let index: Int
    let loop: EventLoop
    let resources: LoopResources
    let evidence: EvidenceGatherer
    private(set) lazy var keyQuestions = KeyQuestions(on: self)
    let resolver: any NameResolver
    let shared: FederationShared
    var deployment: Deployment
    /// The same, for what may travel.
    let present: PresentDeployment
    var router: Router
    private(set) var streams: [StreamID: StreamConnection] = [:]
    private(set) var backends: [StreamID: BackendConnection] = [:]
    private(set) var attempts: [DomainPair: OutboundAttempt] = [:]
    var shares: StreamShares
    /// Those that were needed since the last reload.
    var builtin: [DomainName: any Backend] = [:]
    private var wake: LoopTimer?
    private var wakeAt = Double.infinity
    /// Backends that read no more until congestion is over.
    var waitingBackends: [BackendConnection] = []
    /// What the connections that have ended had received and sent.
    private(set) var endedBytes = ByteCounts()
    /// Wires that take no more but whose last octets have not left.
    private var departing: [ObjectIdentifier: XMLWire] = [:]

    init(
        index: Int, loop: EventLoop, resolver: any NameResolver, publishedKeys: (any PublishedKeysSource)?,
        deployment: Deployment, shared: FederationShared
    ) {
        self.index = index
        self.loop = loop
        self.resolver = resolver
        self.deployment = deployment
        present = PresentDeployment(deployment)
        self.shared = shared
        resources = LoopResources(loop: loop)
        evidence = EvidenceGatherer(resolver: resolver, publishedKeys: publishedKeys)
        router = Router(
            limits: shared.limits(of: deployment), timeouts: shared.timeouts(of: deployment),
            hostedDomains: deployment.hostedDomains, isAllowed: { [deployment] in deployment.isAllowed($0) },
            random: { Double.random(in: 0..<1) })
        shares = StreamShares { [deployment] in deployment.isPiggybacking(with: $0) }
    }

    var log: Logger { shared.log }
    var metrics: Metrics { shared.metrics }
    var directory: BackendDirectory { shared.directory }

    /// Seconds since 1970, for certificates.
    func wallClock() -> Int64 { shared.wallClock() }

    /// Seconds on a clock that never goes back, for routing.
    var now: Double { Double(loop.now.nanoseconds) * 1e-9 }

    /// An identifier that nobody can guess, for a stream header (XS-03).
    func freshStreamIdentifier() -> String {
        // 18 octets are 24 characters. Without chance no stream may begin: an empty identifier is refused by peers.
        SecureRandom.bytes(18).map { Base64.encodeURLSafe($0) } ?? ""
    }

    // MARK: - Routing

    /// Gives an event to the router and performs what it asks for.
    func route(_ event: RoutingEvent) {
        switch event {
        case .congested(let id): noteCongestion(of: id)
        case .drained(let id), .ended(let id): noteRelief(of: id)
        default: break
        }
        if let event = share(event) { routeHere(event) }
    }

    /// Gives an event to this loop's own router.
    func routeHere(_ event: RoutingEvent) {
        for action in router.handle(event, at: now) { perform(action) }
        arrangeAfter(event)
    }

    func perform(_ action: RoutingAction) {
        switch action {
        case .hand(let stanzas, let domain): hand(stanzas, to: domain)
        case .send(let stanzas, let id): send(stanzas, on: id)
        case .findWayBack(let pair): findWayBack(of: pair)
        case .open(let pair): arrange(.wanted(pair))
        case .submit(let stanzas, let domain): submit(stanzas, from: domain)
        case .wake(let time): wake(at: time)
        case .report(let report): shared.write(report)
        }
    }

    /// Routes stanzas of a hosted domain by the router that owns their recipients.
    func submit(_ stanzas: [Stanza], from domain: DomainName) {
        guard shared.loopCount > 1 else { return route(.submitted(stanzas, from: domain)) }
        var shares = [[Stanza]](repeating: [], count: shared.loopCount)
        var last: (stanza: Stanza, owner: Int)?
        for stanza in stanzas {
            let owner: Int
            if let last, last.stanza.hasSameDomains(as: stanza) {
                owner = last.owner
            } else {
                owner = stanza.recipientDomain.map(owner(of:)) ?? index
                last = (stanza, owner)
            }
            shares[owner].append(stanza)
        }
        for (owner, share) in shares.enumerated() where !share.isEmpty {
            if owner == index {
                route(.submitted(share, from: domain))
            } else {
                hand(over: share, from: domain, toLoop: owner)
            }
        }
    }

    /// The loop whose router has the queue and the streams of a remote domain; a hosted one is at home everywhere.
    private func owner(of domain: DomainName) -> Int {
        deployment.hosts[domain] != nil ? index : shared.owner(of: domain)
    }

    private func hand(_ stanzas: [Stanza], to domain: DomainName) {
        let stanzas = shared.pings.isWaiting ? shared.pings.withoutReplies(stanzas) : stanzas
        guard !stanzas.isEmpty else { return }
        guard let entry = directory.entry(for: domain) else {
            guard deployment.hosts[domain]?.service == .builtin else { return refuse(stanzas, for: domain) }
            let actions = builtin[domain, default: deployment.parts.builtinBackend(domain)]
                .handle(.stanzasRouted(stanzas))
            for action in actions { perform(action, of: domain) }
            return
        }
        if entry.loop == index {
            guard let backend = backends[entry.id] else { return refuse(stanzas, for: domain) }
            backend.take(stanzas)
        } else {
            shared.switchboard(entry.loop)?.post { there in
                guard let backend = there.backends[entry.id] else { return there.refuse(stanzas, for: domain) }
                backend.take(stanzas)
            }
        }
    }

    /// Only a backend's absence is answered for it (RT-10).
    private func refuse(_ stanzas: [Stanza], for domain: DomainName) {
        route(
            .undeliverable(
                stanzas, StanzaError(.serviceUnavailable, .cancel, "the service behind \(domain) is not connected")))
    }

    /// Stanzas that a backend's connection lost before they left.
    func returnUndelivered(_ stanzas: [Stanza]) {
        guard !stanzas.isEmpty else { return }
        route(
            .undeliverable(
                stanzas, StanzaError(.serviceUnavailable, .cancel, "the service behind this domain went away")))
    }

    /// A backend without a connection does nothing but answer.
    private func perform(_ action: BackendAction, of domain: DomainName) {
        switch action {
        case .submit(let stanzas): submit(stanzas, from: domain)
        case .bounce(let stanzas, let error): route(.undeliverable(stanzas, error))
        case .report(let text): log.notice("\(text)", metadata: .facts([.local: domain.description]))
        case .sendHeader, .send, .forward, .serve, .setDeadline, .close: break
        }
    }

    private func send(_ stanzas: [Stanza], on id: StreamID) {
        guard let stream = streams[id] else {
            guard !sendDistant(stanzas, on: id) else { return }
            route(.unsent(stanzas, on: id))
            route(.ended(id))
            return
        }
        stream.send(stanzas)
    }

    private func wake(at time: Double) {
        guard time < wakeAt || wake?.isArmed != true else { return }
        wakeAt = time
        let delay = Duration.milliseconds(Int64(max(0, time - now) * 1000) + 1)
        if let wake { return wake.rearm(after: delay) }
        wake = loop.schedule(after: delay) { [weak self] in
            guard let self else { return }
            wakeAt = .infinity
            route(.timePassed)
        }
    }

    // MARK: - Streams out

    func attempt(_ pair: DomainPair, isAlone: Bool) {
        guard attempts[pair] == nil else { return }
        let attempt = OutboundAttempt(pair, mayJoin: !isAlone, on: self) { [weak self] outcome in
            guard let self else { return }
            attempts[pair] = nil
            guard case .failed(let failure) = outcome else { return }
            metrics.add(1, to: .connectionAttemptsFailed)
            arrange(.attemptFailed(pair, failure))
        }
        attempts[pair] = attempt
        attempt.start()
    }

    /// Takes over a connection that an attempt has made.
    func initiate(
        _ connection: TCPConnection, _ pair: DomainPair, for purpose: InitiatingStream.Purpose,
        directTLS: TLSSession?, isTLSMandatory: Bool, asksForTLS: Bool
    ) -> StreamConnection {
        let side = StreamSide.initiating(
            InitiatingStream(
                pair: pair, isEncrypted: directTLS != nil, isTLSMandatory: isTLSMandatory, asksForTLS: asksForTLS,
                features: deployment.parts.streamFeatures(), purpose: purpose, policy: present.streamPolicy,
                address: connection.peerAddress?.description ?? ""))
        let stream = StreamConnection(
            connection, id: shared.nextID(), side: side, dialledPair: pair, directTLS: directTLS, admission: nil,
            deployment: deployment, on: self)
        metrics.add(1, to: .streamsOpened)
        adopt(stream)
        return stream
    }

    private func adopt(_ stream: StreamConnection) {
        streams[stream.id] = stream
        metrics.add(1, to: .streams)
        shared.observe?(
            .connected(
                stream.id, stream.side.role, peer: stream.wire.connection.peerAddress, directTLS: stream.isDirectTLS))
        stream.log.opened(stream.side.role, directTLS: stream.isDirectTLS)
    }

    /// The peer of a stream answered a check.
    func peerAnswered(on id: StreamID) { streams[id]?.peerAnswered() }

    /// False when it was forgotten already.
    func forget(_ stream: StreamConnection) -> Bool {
        guard streams.removeValue(forKey: stream.id) != nil else { return false }
        keyQuestions.ended(stream)
        metrics.add(-1, to: .streams)
        endedBytes.add(stream.wire.connection)
        metrics.add(1, to: .streamsEnded)
        stream.log.ended()
        shared.observe?(.ended(stream.id))
        return true
    }

    /// False when it was forgotten already.
    func forget(_ backend: BackendConnection) -> Bool {
        guard backends.removeValue(forKey: backend.id) != nil else { return false }
        endedBytes.add(backend.wire.connection)
        return true
    }

    // MARK: - Connections in

    /// Takes over a connection of one of the listeners.
    func accept(_ socket: AcceptedSocket, for listener: ListenerKind, admission: AddressPrefix?) {
        do {
            // Made first: a connection without an owner would stay open.
            let session = listener == .s2sDirectTLS ? try deployment.directServerSession() : nil
            let connection = try socket.adopt(on: loop)
            switch listener {
            case .s2s, .s2sDirectTLS: acceptStream(connection, directTLS: session, admission)
            case .component: acceptComponent(connection)
            }
        } catch {
            if let admission { releaseAdmission(admission) }
            log.notice("connection dropped", metadata: .facts([.reason: "\(error)"]))
        }
    }

    private func acceptStream(_ connection: TCPConnection, directTLS: TLSSession?, _ admission: AddressPrefix?) {
        let side = StreamSide.receiving(
            ReceivingStream(
                policy: present.streamPolicy, isEncrypted: directTLS != nil,
                features: deployment.parts.streamFeatures(), errorID: freshStreamIdentifier()))
        let stream = StreamConnection(
            connection, id: shared.nextID(), side: side, dialledPair: nil, directTLS: directTLS, admission: admission,
            deployment: deployment, on: self)
        metrics.add(1, to: .streamsAccepted)
        adopt(stream)
        stream.start()
    }

    private func acceptComponent(_ connection: TCPConnection) {
        let backend = deployment.parts.componentBackend(
            { [present] in present.value.componentSecret(of: $0) }, { [directory] in directory.isConnected($0) })
        let component = BackendConnection(
            connection, id: shared.nextID(), backend: backend, deployment: deployment, on: self)
        backends[component.id] = component
        component.start()
    }

    func releaseAdmission(_ prefix: AddressPrefix) { shared.releaseAdmission(prefix) }

    /// A remote domain proved itself to us: its failures are over, wherever they are remembered (XS-26).
    func peerConnected(_ domain: DomainName) {
        let owner = shared.owner(of: domain)
        if owner == index {
            route(.peerConnected(domain))
        } else {
            shared.switchboard(owner)?.post { $0.route(.peerConnected(domain)) }
        }
    }

    // MARK: - Reload and drain

    /// No new streams; what waits is returned; every stream is closed in order (XS-24).
    func drain() {
        for attempt in attempts.values { attempt.cancel() }
        attempts = [:]
        keyQuestions.cancel()
        route(.draining)
        for stream in streams.values { stream.close(StreamError(.systemShutdown)) }
    }

    /// The wire is remembered until the socket is gone, so that a drain can wait for what it still holds.
    func departs(_ wire: XMLWire) {
        guard !wire.isFinished else { return }
        departing[ObjectIdentifier(wire)] = wire
    }

    func hasDeparted(_ wire: XMLWire) { departing[ObjectIdentifier(wire)] = nil }

    /// Whether all that was for remote servers has left or has been returned.
    var haveStreamsEnded: Bool { streams.isEmpty && shares.distant.isEmpty && departing.values.allSatisfy(\.hasLeft) }

    /// Whether all that was for components has left too.
    var haveBackendsEnded: Bool { backends.isEmpty && departing.values.allSatisfy(\.hasLeft) }

    /// Components go last: what streams still brought was for them.
    func closeBackends() {
        for backend in backends.values { backend.close(StreamError(.systemShutdown)) }
    }
}
