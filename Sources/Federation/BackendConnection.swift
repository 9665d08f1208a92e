internal import Configuration
internal import Diagnostics
internal import EventLoops
internal import Logging
internal import Routing
internal import XMLStreaming
internal import XMPPModel

/// One connection of a backend: the place where a backend's actions happen.
final class BackendConnection {
    let id: StreamID
    let switchboard: Switchboard
    let wire: XMLWire
    let since: Int64
    private(set) var servedDomain: DomainName?
    private var backend: any Backend
    var deployment: Deployment
    private let gate = BackpressureGate()
    private var deadline: LoopTimer?
    private(set) var stanzasIn = 0
    private(set) var stanzasOut = 0
    private(set) var isClosing = false
    private var stall: LoopTimer?
    private var logger: Logger

    /// How long a component may be held up by one slow remote server before its stanzas queue instead.
    private static let stallLimit = Duration.seconds(2)
    /// Large enough for a read's worth of stanzas from many streams.
    private static let highWaterMark = 1 << 20
    /// More than this waits for no component.
    private static let outputLimit = 32 << 20

    init(
        _ connection: TCPConnection, id: StreamID, backend: any Backend, deployment: Deployment,
        on switchboard: Switchboard
    ) {
        self.id = id
        self.backend = backend
        self.deployment = deployment
        self.switchboard = switchboard
        since = switchboard.wallClock()
        logger = switchboard.log
        logger[.stream] = id.description
        logger[.peer] = connection.peerAddress?.description
        connection.highWaterMark = Self.highWaterMark
        wire = XMLWire(
            connection, switchboard.resources, contentNamespace: Namespace.component,
            limits: deployment.limitsBeforeAuthentication)
        wire.owner = self
    }

    func start() { feed(.connected) }

    /// Stanzas for a domain that is served here.
    func take(_ stanzas: [Stanza]) { feed(.stanzasRouted(stanzas)) }

    func close(_ error: StreamError?) { feed(.closeRequested(error)) }

    private func feed(_ event: BackendEvent) {
        for action in backend.handle(event) { perform(action) }
    }

    private func perform(_ action: BackendAction) {
        switch action {
        case .sendHeader(let header): wire.send(header)
        case .send(let element): wire.send(element)
        case .forward(let stanzas): forward(stanzas)
        case .serve(let domain): serve(domain)
        case .submit(let stanzas): submit(stanzas)
        case .bounce(let stanzas, let error): switchboard.route(.undeliverable(stanzas, error))
        case .setDeadline(let seconds): setDeadline(seconds)
        case .close(let error): finish(error)
        case .report(let text): logger.notice("\(text)")
        }
    }

    private func forward(_ stanzas: [Stanza]) {
        // Every stream stops at its next read, but a component that reads nothing would gather the reads of all.
        guard wire.connection.bufferedBytes < Self.outputLimit else {
            let error = StanzaError(
                .resourceConstraint, .wait, "the service behind this domain takes nothing at present")
            return switchboard.route(.undeliverable(stanzas, error))
        }
        stanzasOut += stanzas.count
        wire.send(stanzas)
        if wire.isFull { gate.becameFull() }
    }

    private func submit(_ stanzas: [Stanza]) {
        guard let servedDomain else { return }
        stanzasIn += stanzas.count
        switchboard.submit(stanzas, from: servedDomain)
        if switchboard.mustHoldBackends, stall == nil { holdUp() }
    }

    /// A component that is faster than a remote server reads no more for a moment, so that nothing needs to be
    /// returned; a remote server that is slow for longer holds up nobody.
    private func holdUp() {
        wire.pause()
        switchboard.wait(self)
        stall = switchboard.loop.scheduleSoon(after: Self.stallLimit) { [weak self] in self?.goOn(isLate: true) }
    }

    /// The congestion is over, or has lasted too long.
    func goOn(isLate: Bool) {
        guard let stall else { return }
        stall.cancel()
        self.stall = nil
        if isLate { switchboard.shared.congestion.ignoreAll() }
        wire.resume()
    }

    private func serve(_ domain: DomainName) {
        let entry = BackendDirectory.Entry(id: id, loop: switchboard.index, gate: gate)
        guard switchboard.directory.claim(domain, by: entry) else {
            return feed(.closeRequested(StreamError(.conflict, "\(domain) is connected already")))
        }
        servedDomain = domain
        wire.establish(limits: deployment.limitsAfterAuthentication)
        logger[.local] = domain.description
        logger.info("component connected")
    }

    private func setDeadline(_ seconds: Double?) {
        deadline?.cancel()
        deadline = nil
        guard let seconds else { return }
        deadline = switchboard.loop.schedule(after: .milliseconds(Int64(seconds * 1000))) { [weak self] in
            self?.feed(.deadlinePassed)
        }
    }

    private func finish(_ error: StreamError?) {
        if let error { wire.send(error.element) }
        wire.sendClosingTag()
        switchboard.departs(wire)
        wire.finish(within: deployment.configuration.timeouts.close) { [wire, switchboard] in
            switchboard.hasDeparted(wire)
            switchboard.returnUndelivered(wire.takeUnsent())
        }
        ended()
    }

    private func ended() {
        guard switchboard.forget(self) else { return }
        isClosing = true
        deadline?.cancel()
        stall?.cancel()
        switchboard.directory.release(id)
        if servedDomain != nil { logger.info("component disconnected") }
        switchboard.resume(gate.drained())
    }
}

extension BackendConnection: XMLWireOwner {
    func wire(_ wire: XMLWire, received event: XMLStreamEvent) {
        switch event {
        case .stanzas(let stanzas): feed(.stanzasReceived(stanzas))
        case .header(let header): feed(.headerReceived(header, id: switchboard.freshStreamIdentifier()))
        case .element(let element): feed(.elementReceived(element))
        case .closed: feed(.closedByPeer)
        case .failed(let error): feed(.failed(error))
        }
    }

    func wireSecured(_ wire: XMLWire) {}

    func wire(_ wire: XMLWire, ended end: XMLWire.End) {
        switch end {
        case .closedByPeer: return feed(.closedByPeer)
        case .broken(let reason), .tlsFailed(let reason):
            logger.notice("connection lost", metadata: .facts([.reason: reason]))
        }
        ended()
        switchboard.returnUndelivered(wire.takeUnsent())
    }

    func wireDrained(_ wire: XMLWire) { switchboard.resume(gate.drained()) }
}
