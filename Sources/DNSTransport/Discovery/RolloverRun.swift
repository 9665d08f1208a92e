internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Performs what a ``TrustAnchorRollover`` orders, for one anchor.
final class RolloverRun {
    private let zone: DNSName
    private let tools: DiscoveryTools
    private let store: DiscoverySettings.AnchorStore
    private let servers: () -> [NameServerEndpoint]
    private let changed: (DNSName, TrustAnchor?) -> Void
    private let reported: (RolloverNotice) -> Void
    private var rollover: TrustAnchorRollover
    private var question: DirectQuestion?
    private var channels: EndpointChannels?
    private lazy var timer = tools.loop.timer { [weak self] in self?.ask() }

    /// - Parameters:
    ///   - servers: Whom to ask for the keys: the servers of the zone, in order.
    ///   - changed: Gets the anchor that counts from now on, or nil.
    ///   - reported: Gets what an operator should know.
    init(
        of anchor: TrustAnchor, _ store: DiscoverySettings.AnchorStore, _ tools: DiscoveryTools,
        servers: @escaping () -> [NameServerEndpoint], changed: @escaping (DNSName, TrustAnchor?) -> Void,
        reported: @escaping (RolloverNotice) -> Void
    ) {
        zone = anchor.zone
        self.store = store
        self.tools = tools
        self.servers = servers
        self.changed = changed
        self.reported = reported
        rollover = TrustAnchorRollover(
            configured: anchor, saved: store.load(TrustAnchorRollover.fileName(for: anchor.zone)),
            at: tools.now().wallClock)
    }

    func start() { handle(.started) }

    func shutDown() {
        timer.cancel()
        letGo()
    }

    private func handle(_ event: TrustAnchorRollover.Event) {
        for action in rollover.handle(event, at: tools.now()) {
            switch action {
            case .anchorChanged(let anchor): changed(zone, anchor)
            case .anchorRemoved: changed(zone, nil)
            case .save(let text): store.save(TrustAnchorRollover.fileName(for: zone), text)
            case .askAgain(let delay): timer.rearm(after: delay)
            case .report(let notice): reported(notice)
            }
        }
    }

    private func ask() { ask(servers()[...]) }

    private func ask(_ servers: ArraySlice<NameServerEndpoint>) {
        letGo()
        guard let server = servers.first else { return handle(.queryFailed) }
        var inquiry = Inquiry(DNSQuestion(zone, .dnskey), to: server.server)
        inquiry.wantsSignatures = true
        inquiry.disablesChecking = true
        let channels = tools.channels(to: server)
        self.channels = channels
        let question = DirectQuestion(
            inquiry, to: server.server, through: channels, on: tools.loop
        ) { [weak self] outcome in
            self?.answered(outcome, others: servers.dropFirst())
        }
        self.question = question
        question.start()
    }

    private func answered(_ outcome: AttemptOutcome, others: ArraySlice<NameServerEndpoint>) {
        guard case .answered(let response, _, _) = outcome,
            let set = SignedKeySet(of: zone, in: response.answers, at: tools.now().wallClock)
        else { return ask(others) }
        letGo()
        handle(.keysSeen(set))
    }

    private func letGo() {
        question?.cancel()
        channels?.shutDown()
        (question, channels) = (nil, nil)
    }
}
