public import DomainAssociation
public import EventLoops
public import StreamProtocol
public import TransportSecurity
internal import XMLStreaming
public import XMPPModel

/// Connects to one address of a server, and looks at it as ``StreamProbe`` decides: what `ligasectl check` does, with the
/// wire of the daemon. It belongs to one loop, and has to be held until its completion.
public final class EndpointProbe {
    /// Whom to look at, and how.
    public struct Settings: Sendable {
        /// The domain that the server is to speak for; also the server name in TLS, never an SRV target (TL-10).
        public var domain: DomainName
        /// Which side of it.
        public var service: ClaimedService
        /// The domain of ours that asks; nil for nobody.
        public var sender: DomainName?
        /// What is presented when the server asks for a certificate.
        public var identity: TLSIdentity?
        /// How long a connection may take.
        public var connectTimeout: Duration
        /// How long the conversation may take.
        public var negotiationTimeout: Duration
        /// How long the server has for its closing tag.
        public var closeTimeout: Duration
        /// How dialback is tried on behalf of the sender; nil where it is not.
        public var trial: DialbackTrial?
        /// How long the answer to dialback may take.
        public var dialbackTimeout = Duration.seconds(30)
        /// Why a server that presents these certificates, its own first, gets no key; nil where it may have one. Asked once
        /// TLS is up, on the loop.
        public var objection: @Sendable ([PeerCertificate]) -> String? = { _ in nil }

        /// Collects the settings.
        public init(
            domain: DomainName, service: ClaimedService, sender: DomainName? = nil, identity: TLSIdentity? = nil,
            connectTimeout: Duration = .seconds(10), negotiationTimeout: Duration = .seconds(15),
            closeTimeout: Duration = .seconds(2)
        ) {
            self.domain = domain
            self.service = service
            self.sender = sender
            self.identity = identity
            self.connectTimeout = connectTimeout
            self.negotiationTimeout = negotiationTimeout
            self.closeTimeout = closeTimeout
        }
    }

    /// What TLS came to.
    public struct Session: Hashable, Sendable {
        /// The version.
        public var version: TLSVersion
        /// The cipher suite by its standard name.
        public var cipherSuite: String
        /// What ALPN agreed on; nil for nothing.
        public var applicationProtocol: String?
        /// What the server presented, its own certificate first.
        public var certificates: [PeerCertificate]
        /// Whether the server has our certificate.
        public var localCertificateWasSent: Bool
    }

    /// What was seen.
    public struct Outcome: Hashable, Sendable {
        /// Why there was no connection; nil when there was one.
        public var failure: String?
        /// The conversation.
        public var findings: StreamFindings
        /// TLS; nil where it did not come up.
        public var session: Session?

        /// Makes an outcome.
        public init(failure: String? = nil, findings: StreamFindings = StreamFindings(), session: Session? = nil) {
            self.failure = failure
            self.findings = findings
            self.session = session
        }
    }

    private let settings: Settings
    private let loop: EventLoop
    private let resources: LoopResources
    private let context: TLSContext
    private let directTLS: Bool
    private var completion: ((Outcome) -> Void)?
    private var probe: StreamProbe
    private var dial: PendingDial?
    private var wire: XMLWire?
    private var deadlines: [StreamDeadline: LoopTimer] = [:]
    private var session: Session?

    /// Makes a probe.
    ///
    /// - Parameters:
    ///   - context: For sessions as client.
    ///   - completion: Called once on the loop, in bounded time, and never before ``start(at:)`` has returned.
    public init(
        _ settings: Settings, directTLS: Bool, context: TLSContext, on loop: EventLoop,
        completion: @escaping (Outcome) -> Void
    ) {
        self.settings = settings
        self.directTLS = directTLS
        self.context = context
        self.loop = loop
        self.completion = completion
        resources = LoopResources(loop: loop)
        probe = StreamProbe(
            of: settings.domain, as: settings.service, from: settings.sender, directTLS: directTLS,
            trying: settings.trial)
    }

    /// Connects; on the loop only.
    public func start(at address: SocketAddress) {
        dial = TCPConnection.dial(to: address, on: loop, deadline: settings.connectTimeout) { [weak self] result in
            switch result {
            case .success(let connection):
                guard let self, completion != nil else { return connection.close() }
                dial = nil
                talk(over: connection)
            case .failure(let failure): self?.conclude(Outcome(failure: "\(failure)"))
            }
        }
    }

    /// Ends at once, with what was seen so far.
    public func abandon(because reason: String) {
        guard completion != nil else { return }
        dial?.cancel()
        guard let wire else { return conclude(Outcome(failure: reason)) }
        _ = probe.handle(.broken(reason: reason))
        wire.abort()
        conclude(outcome)
    }

    // MARK: - The conversation

    private func talk(over connection: TCPConnection) {
        do throws(TLSContextFailure) {
            let wire = XMLWire(
                connection, resources,
                contentNamespace: settings.service == .client ? Namespace.client : Namespace.server,
                limits: .unauthenticated, session: directTLS ? try makeSession() : nil)
            self.wire = wire
            wire.owner = self
            feed(.connected)
            wire.startHandshake()
        } catch {
            connection.close()
            conclude(Outcome(failure: "\(error)"))
        }
    }

    private func makeSession() throws(TLSContextFailure) -> TLSSession {
        let domain = settings.domain
        return try TLSSession(
            context: context, serverName: domain.isAddressLiteral ? nil : domain.ascii,
            applicationProtocols: directTLS ? [settings.service.rawValue] : [], identity: settings.identity)
    }

    private func feed(_ event: StreamProbe.Event) {
        for action in probe.handle(event) { perform(action) }
    }

    private func perform(_ action: StreamProbe.Action) {
        switch action {
        case .sendHeader(let header): wire?.send(header)
        case .send(let element): wire?.send(element)
        case .sendClosingTag: wire?.sendClosingTag()
        case .restart: wire?.restart()
        case .startTLS: startTLS()
        case .arm(let deadline): arm(deadline)
        case .finish: finish()
        }
    }

    private func startTLS() {
        do throws(TLSContextFailure) {
            wire?.startTLS(try makeSession())
        } catch {
            wire?.fail(.tlsFailed("\(error)"))
        }
    }

    private func arm(_ deadline: StreamDeadline) {
        let limit =
            switch deadline {
            case .closing: settings.closeTimeout
            case .answer: settings.dialbackTimeout
            default: settings.negotiationTimeout
            }
        deadlines[deadline] = loop.schedule(after: limit) { [weak self] in self?.feed(.deadlinePassed(deadline)) }
    }

    // MARK: - The end

    private var outcome: Outcome { Outcome(findings: probe.findings, session: session) }

    /// What we said last has left when the caller is told.
    private func finish() {
        guard let wire, !wire.isFinished else { return loop.afterTurn { [self] in conclude(outcome) } }
        wire.finish(within: settings.closeTimeout) { [self] in conclude(outcome) }
    }

    private func conclude(_ outcome: Outcome) {
        for timer in deadlines.values { timer.cancel() }
        deadlines = [:]
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }
}

extension EndpointProbe: XMLWireOwner {
    func wire(_ wire: XMLWire, received event: XMLStreamEvent) {
        switch event {
        case .header(let header): feed(.headerReceived(header))
        case .element(let element): feed(.elementReceived(element))
        case .stanzas: feed(.stanzasReceived)
        case .closed: feed(.closedByPeer)
        case .failed(let error): feed(.failed(error))
        }
    }

    func wireSecured(_ wire: XMLWire) {
        guard let tls = wire.session, let version = tls.version else { return }
        session = Session(
            version: version, cipherSuite: tls.cipherSuite ?? "",
            applicationProtocol: tls.negotiatedApplicationProtocol,
            certificates: tls.peerCertificates, localCertificateWasSent: tls.localCertificateWasSent)
        if settings.trial != nil { probe.objection = settings.objection(tls.peerCertificates) }
        if let sender = settings.sender, tls.localCertificateWasSent {
            probe.authorizationIdentity = Base64.encode(Array(sender.description.utf8))
        }
        feed(.secured)
    }

    func wire(_ wire: XMLWire, ended end: XMLWire.End) {
        switch end {
        case .closedByPeer:
            feed(.closedByPeer)
            // Whatever the probe still wanted to say, nobody hears it any more.
            feed(.deadlinePassed(.closing))
        case .broken(let reason), .tlsFailed(let reason): feed(.broken(reason: reason))
        }
    }

    func wireDrained(_ wire: XMLWire) {}
}
