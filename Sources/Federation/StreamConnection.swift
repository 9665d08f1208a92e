internal import Configuration
internal import Diagnostics
internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import StreamProtocol
internal import TransportSecurity
internal import XMLStreaming
internal import XMPPModel

/// How a stream that we opened came out; told once.
enum StreamOutcome {
    case established
    case failed(StreamFailure)
    /// It was proved by what holds no more, such as a former policy for the remote domain; nothing was sent on it.
    case outdated
}

/// One XMPP connection between servers, in either role: the place where a stream's actions happen.
final class StreamConnection {
    let id: StreamID
    let switchboard: Switchboard
    let wire: XMLWire
    let since: Int64
    var side: StreamSide
    var onOutcome: ((StreamOutcome) -> Void)?
    var log: StreamLog
    let isDirectTLS: Bool
    /// What it goes by; a reload that leaves the stream alone replaces it.
    var deployment: Deployment
    /// The pair of a stream that we open; nil for one that was opened to us.
    let dialledPair: DomainPair?
    /// How DNS led to the peer of a stream that we open.
    var delegation: Delegation?
    /// What the peer presented: read once, and one for all claims.
    private(set) var peerCertificates: [PeerCertificate] = []
    /// The same for the domains that are supposed on it.
    var furtherDelegations: [DomainName: Delegation] = [:]
    /// How many there may be before those are looked for that are of no use any more.
    var delegationLimit = 64
    /// Whether the way to a target that is being asked for was looked up just now.
    var isWayFresh = false
    /// Whether it was us who wanted it to end.
    private(set) var wasClosedByUs = false
    /// Whether the peer of a stream that we open does not get to see our certificate.
    var withholdsCertificate = false
    /// The pairs that it has been asked for and has not answered.
    var furtherPairs: Set<DomainPair> = []
    private var admission: AddressPrefix?
    private var deadlines: [StreamDeadline: LoopTimer] = [:]
    private var lastStanza: LoopTime
    private var lastSent: LoopTime
    private var peerLimits = PeerLimits()
    private(set) var stanzasIn = 0
    private(set) var stanzasOut = 0
    private(set) var isCongested = false
    var proofs = ProofWatches()
    /// One for all proofs, and when it goes off.
    var proofTimer: LoopTimer?
    var proofTimerDue = LoopTime.distantFuture
    /// Under what the pairs are judged that are being proved.
    var judged: [DomainPair: Deployment] = [:]
    /// The pairs that it carries and that nobody has been told of: what is taken off meanwhile is not told of either.
    var untold: Set<DomainPair> = []
    /// The `id` of a ping of ours that waits for its answer.
    private var check: String?

    /// How long a peer has for an answer, unless keepalives come sooner.
    private static let answerLimit = Duration.seconds(60)

    init(
        _ connection: TCPConnection, id: StreamID, side: StreamSide, dialledPair: DomainPair?, directTLS: TLSSession?,
        admission: AddressPrefix?, deployment: Deployment, on switchboard: Switchboard
    ) {
        self.id = id
        self.side = side
        self.dialledPair = dialledPair
        self.admission = admission
        self.deployment = deployment
        self.switchboard = switchboard
        isDirectTLS = directTLS != nil
        since = switchboard.wallClock()
        lastStanza = switchboard.loop.now
        lastSent = switchboard.loop.now
        log = StreamLog(switchboard.log, id: id, peer: connection.peerAddress)
        wire = XMLWire(
            connection, switchboard.resources, contentNamespace: Namespace.server,
            limits: deployment.limitsBeforeAuthentication, session: directTLS,
            bytesPerSecond: deployment.configuration.limits.bytesPerSecondPerStream)
        wire.owner = self
        if let pair = dialledPair { log.name(pair, role: .initiating) }
    }

    /// Begins: as initiating side with the stream header or the TLS handshake.
    func start() {
        feed(.connected)
        wire.startHandshake()
    }

    // MARK: - Stanzas out

    /// Writes stanzas; those that the peer will not take go back (LM-03).
    func send(_ stanzas: [Stanza]) {
        var stanzas = stanzas
        if let maximum = peerLimits.maximumBytes, stanzas.contains(where: { $0.byteCount > maximum }) {
            let refused = stanzas.filter { $0.byteCount > maximum }
            stanzas.removeAll { $0.byteCount > maximum }
            let text = "the receiving server takes stanzas of at most \(maximum) octets"
            switchboard.route(.undeliverable(refused, StanzaError(.policyViolation, .modify, text)))
        }
        guard !stanzas.isEmpty else { return }
        stanzasOut += stanzas.count
        lastStanza = switchboard.loop.now
        lastSent = lastStanza
        switchboard.metrics.add(stanzas.count, to: .stanzasSent)
        switchboard.shared.observe?(.sent(id, stanzas))
        wire.send(stanzas)
        if wire.isFull, !isCongested {
            isCongested = true
            switchboard.route(.congested(id))
        }
    }

    /// Asks for an orderly close.
    func close(_ error: StreamError?) {
        wasClosedByUs = true
        feed(.closeRequested(error))
    }

    // MARK: - Events

    func feed(_ event: StreamEvent) {
        let actions = side.handle(event)
        for case .established(let association) in actions { untold.insert(association.pair) }
        for action in actions { perform(action) }
    }

    private func perform(_ action: StreamAction) {
        switch action {
        case .sendHeader(let header): wire.send(header)
        case .send(let element): wire.send(element)
        case .sendWhitespace: sendWhitespace()
        case .checkPeer: checkPeer()
        case .sendClosingTag: sendClosingTag()
        case .startTLS: startTLS()
        case .restart: wire.restart()
        case .prove(let pair, let side): prove(pair, side)
        case .established(let association): establish(association)
        case .verify(let question): switchboard.verify(question, on: id, from: wire.connection.peerAddress)
        case .readyForQuestions: openForQuestions()
        case .answered(let question, let answer): switchboard.keyQuestions.answered(question, answer, on: self)
        case .pairFailed(let pair, let failure): pairFailed(pair, failure)
        case .withdrawn(let association): withdraw(association)
        case .deliver(let stanzas, let association): deliver(stanzas, association)
        case .adoptPeerLimits(let limits): peerLimits = limits
        case .arm(let deadline): arm(deadline)
        case .disarm(let deadline): deadlines[deadline]?.cancel()
        case .disconnect: disconnect()
        case .fail(let failure): conclude(.failed(failure))
        case .report(let report):
            forgetRefused(report)
            switchboard.shared.observe?(.reported(id, report))
            log.write(report, metrics: switchboard.metrics)
        }
    }

    /// Nothing may follow the closing tag, so what is submitted from now on needs another stream (XS-17).
    private func sendClosingTag() {
        wire.sendClosingTag()
        switchboard.route(.ended(id))
    }

    private func startTLS() {
        do {
            let session: TLSSession
            if let pair = dialledPair {
                session = try deployment.clientSession(
                    for: pair, directTLS: false, withholdsCertificate: withholdsCertificate)
            } else {
                session = try TLSSession(
                    context: deployment.serverContext, identity: side.facts.localDomain.flatMap(deployment.identity))
            }
            wire.startTLS(session)
        } catch {
            wire.fail(.tlsFailed("\(error)"))
        }
    }

    private func deliver(_ stanzas: [Stanza], _ association: Association) {
        stanzasIn += stanzas.count
        lastStanza = switchboard.loop.now
        switchboard.metrics.add(stanzas.count, to: .stanzasReceived)
        switchboard.shared.observe?(.received(id, stanzas))
        switchboard.route(.received(stanzas, over: association))
        if switchboard.mustWait(for: association.localDomain, stream: id) { wire.pause() }
    }

    /// A ping tells more than a space, but its answer comes on the peer's own stream: where there is none, asking would
    /// only make one.
    private func checkPeer() {
        let shared = switchboard.shared
        guard let pair = dialledPair, check == nil, shared.returnPaths.contains(pair.reversed) else {
            return sendWhitespace()
        }
        // The answer may arrive on another loop.
        let ping = shared.pings.register { [shared, id, index = switchboard.index] _ in
            shared.switchboard(index)?.post { $0.peerAnswered(on: id) }
        }
        check = ping
        lastSent = switchboard.loop.now
        // An element and not a stanza of anybody's: what is not sent in the end is not to be sent on another stream.
        let attributes: KeyValuePairs = [
            "from": pair.sender.description, "to": pair.target.description, "id": ping, "type": "get",
        ]
        let question = XMLElement(Namespace.ping, "ping")
        wire.send(XMLElement(Namespace.server, "iq", attributes: attributes, [question]))
        arm(.answer)
    }

    /// The peer answered a check, in whatever words.
    func peerAnswered() {
        check = nil
        feed(.peerAnswered)
    }

    private func sendWhitespace() {
        lastSent = switchboard.loop.now
        wire.sendWhitespace()
    }

    // MARK: - Deadlines

    private func arm(_ deadline: StreamDeadline) {
        guard let duration = duration(of: deadline) else { return }
        if let timer = deadlines[deadline] { return timer.rearm(after: duration) }
        deadlines[deadline] = switchboard.loop.schedule(after: duration) { [weak self] in self?.passed(deadline) }
    }

    private func passed(_ deadline: StreamDeadline) {
        // Traffic does not move the timers: it would cost for each stanza what is looked at once in minutes.
        let last: LoopTime? =
            switch deadline {
            case .idle: lastStanza
            case .keepalive: lastSent
            case .negotiation, .closing, .answer, .dialback, .verifyIdle: nil
            }
        if let last, let duration = duration(of: deadline) {
            let remaining = duration - (switchboard.loop.now - last)
            if remaining > .zero {
                deadlines[deadline]?.rearm(after: remaining)
                return
            }
        }
        feed(.deadlinePassed(deadline))
    }

    private func duration(of deadline: StreamDeadline) -> Duration? {
        let timeouts = deployment.configuration.timeouts
        switch deadline {
        case .negotiation: return timeouts.negotiation
        case .answer: return timeouts.keepalive.map { min($0, Self.answerLimit) } ?? Self.answerLimit
        case .closing: return timeouts.close
        case .dialback: return timeouts.dialback / StreamDeadline.dialbackParts
        case .verifyIdle: return timeouts.verifyIdle
        case .idle: return timeouts.idle
        case .keepalive:
            // Some margin, so that the peer does not close a stream that is being kept (LM-04).
            let announced = peerLimits.idleSeconds.map { Duration.seconds(max(1, Int64($0) * 3 / 4)) }
            guard let own = timeouts.keepalive else { return announced }
            return announced.map { min($0, own) } ?? own
        }
    }

    // MARK: - The end

    private func disconnect() {
        // What the socket has not taken when the time is over was not sent, and goes back.
        switchboard.departs(wire)
        wire.finish(within: deployment.configuration.timeouts.close) { [wire, switchboard] in
            switchboard.hasDeparted(wire)
            let unsent = wire.takeUnsent()
            guard !unsent.isEmpty else { return }
            let error = StanzaError(.remoteServerTimeout, .wait, "the receiving server closed its stream")
            switchboard.route(.undeliverable(unsent, error))
        }
        ended()
    }

    func conclude(_ outcome: StreamOutcome) {
        let onOutcome = onOutcome
        self.onOutcome = nil
        onOutcome?(outcome)
    }

    func releaseAdmission() {
        guard let admission else { return }
        self.admission = nil
        switchboard.releaseAdmission(admission)
    }

    /// Gives everything back; nothing happens to this connection any more.
    private func ended(unsent: [Stanza] = []) {
        guard switchboard.forget(self) else { return }
        for timer in deadlines.values { timer.cancel() }
        deadlines = [:]
        proofs.cancel()
        proofTimer?.cancel()
        if let check { switchboard.shared.pings.remove(check) }
        for association in side.associations where association.isIncoming && !untold.contains(association.pair) {
            switchboard.shared.returnPaths.close(association.pair, on: id)
        }
        releaseAdmission()
        conclude(.failed(.broken(reason: "the connection ended during negotiation")))
        if !unsent.isEmpty { switchboard.route(.unsent(unsent, on: id)) }
        switchboard.route(.ended(id))
    }
}

extension StreamConnection: XMLWireOwner {
    func wire(_ wire: XMLWire, received event: XMLStreamEvent) {
        switch event {
        case .stanzas(let stanzas): feed(.stanzasReceived(stanzas))
        case .header(let header): feed(.headerReceived(header, freshID: switchboard.freshStreamIdentifier()))
        case .element(let element): feed(.elementReceived(element))
        case .closed: feed(.closedByPeer)
        case .failed(let error): feed(.failed(error))
        }
    }

    func wireSecured(_ wire: XMLWire) {
        guard let session = wire.session else { return }
        peerCertificates = session.peerCertificates
        switchboard.metrics.add(1, to: .tlsHandshakes)
        if let observe = switchboard.shared.observe, let version = session.version {
            observe(.secured(id, version, cipher: session.cipherSuite ?? "", peerCertificates.first))
        }
        feed(.secured(presentedCertificate: session.localCertificateWasSent))
    }

    func wire(_ wire: XMLWire, ended end: XMLWire.End) {
        switch end {
        case .closedByPeer:
            // The stream answers with what is due, and disconnects.
            return feed(.closedByPeer)
        case .broken(let reason):
            conclude(.failed(refusalOfCertificate(reason) ?? .broken(reason: reason)))
        case .tlsFailed(let reason):
            // No XML may follow, so the stream is not asked (TL-06).
            switchboard.shared.observe?(.tlsFailed(id, reason: reason))
            log.tlsFailed(reason, metrics: switchboard.metrics)
            conclude(.failed(refusalOfCertificate(reason) ?? .broken(reason: "TLS: \(reason)")))
        }
        for action in side.abandon() { perform(action) }
        ended(unsent: wire.takeUnsent())
    }

    func wireDrained(_ wire: XMLWire) {
        guard isCongested else { return }
        isCongested = false
        switchboard.route(.drained(id))
    }
}
