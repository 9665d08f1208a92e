public import DNSMessages
public import EventLoops
public import NameResolution

/// Asks name servers over UDP and TCP, for all who live on one loop; it validates nothing.
///
/// The decisions are those of ``Resolver``; this class has the sockets, the timers and the random numbers. To be
/// shut down before it is let go.
public final class DNSClient {
    private struct UnderWay {
        let exchange: any Exchange
        var timer: LoopTimer?
    }

    private let servers: NameServers
    private let loop: EventLoop
    private var resolver: Resolver
    private var exchanges: [Int: UnderWay] = [:]
    private var completions: [Int: (Answer) -> Void] = [:]
    private var timer: LoopTimer?
    private var lastTicket = 0
    private var generator = SystemRandomNumberGenerator()
    private let started: LoopTime

    /// - Parameters:
    ///   - servers: Whom to ask.
    ///   - loop: Where everything happens, this call included.
    ///   - limits: How much is asked at once and kept; how patiently is for `servers` to say.
    public init(servers: NameServers, on loop: EventLoop, limits: ResolverLimits = ResolverLimits()) {
        var limits = limits
        limits.lookup = servers.limits
        self.servers = servers
        self.loop = loop
        started = loop.now
        resolver = Resolver(plan: Self.plan(servers), limits: limits)
    }

    /// Ends all lookups; their completions are told ``LookupFailure/cancelled``.
    public func shutDown() {
        perform(resolver.handle(.shutDown, at: now))
        for attempt in Array(exchanges.keys) { endExchange(of: attempt) }
        timer?.cancel()
    }

    /// All of them for every name, in clear, and nothing validated.
    private static func plan(_ servers: NameServers) -> ResolutionPlan {
        ResolutionPlan(
            servers: servers.addresses.map {
                UpstreamServer(name: $0.description, channel: .cleartext, isLoopback: $0.isLoopback)
            },
            zones: [ResolutionZone(name: .root, servers: Array(servers.addresses.indices), validation: .off)])
    }

    private var now: ResolutionTime { ResolutionTime(elapsed: loop.now - started, wallClock: 0) }

    private func attemptEnded(_ attempt: Int, _ outcome: AttemptOutcome) {
        endExchange(of: attempt)
        perform(resolver.handle(.attemptEnded(attempt: attempt, outcome), at: now))
    }

    private func perform(_ actions: [Resolver.Action]) {
        for action in actions {
            switch action {
            case .ask(let attempt): ask(attempt)
            case .cancel(let attempt): endExchange(of: attempt)
            case .setTimeout(let attempt, let delay): setTimeout(delay, of: attempt)
            case .setTimer(let delay): setTimer(delay)
            case .resumeLater: later { [weak self] in self?.handle(.resumed) }
            case .report: continue
            case .answer(let ticket, let answer):
                guard let completion = completions.removeValue(forKey: ticket) else { continue }
                later { completion(answer) }
            }
        }
    }

    private func handle(_ event: Resolver.Event) {
        perform(resolver.handle(event, at: now))
    }

    private func ask(_ attempt: Attempt) {
        var query = DNSQuery(
            identifier: .random(in: 0...UInt16.max, using: &generator), question: attempt.question,
            wantsSignatures: attempt.wantsSignatures, disablesChecking: attempt.disablesChecking)
        let completion: Exchange.Completion = { [weak self] outcome in
            switch outcome {
            case .success(let response):
                self?.attemptEnded(attempt.identifier, .answered(response, isAuthenticated: false))
            case .failure(let failure):
                self?.attemptEnded(attempt.identifier, .failed(failure))
            }
        }
        let server = servers.addresses[attempt.server]
        let exchange: any Exchange
        switch attempt.transport {
        case .udp:
            // Some middleboxes do not repeat the letter case; a later try does without, rather than never succeed.
            if !attempt.isRepetition { query.randomizeCase(using: &generator) }
            exchange = DatagramExchange(query, to: server, on: loop, completion: completion)
        case .tcp, .tls, .https:
            exchange = StreamExchange(query, to: server, on: loop, completion: completion)
        }
        exchanges[attempt.identifier] = UnderWay(exchange: exchange)
        exchange.start()
    }

    private func setTimeout(_ delay: Duration, of attempt: Int) {
        exchanges[attempt]?.timer = loop.schedule(after: delay) { [weak self] in
            self?.attemptEnded(attempt, .timedOut)
        }
    }

    private func setTimer(_ delay: Duration) {
        timer?.cancel()
        timer = loop.schedule(after: delay) { [weak self] in self?.handle(.timerFired) }
    }

    private func endExchange(of attempt: Int) {
        guard let underWay = exchanges.removeValue(forKey: attempt) else { return }
        underWay.timer?.cancel()
        underWay.exchange.cancel()
    }
}

extension DNSClient: NameResolver {
    /// The answer to one question, never ``SecurityStatus/secure``.
    public func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void) {
        lastTicket += 1
        completions[lastTicket] = completion
        perform(resolver.handle(.asked(question, ticket: lastTicket), at: now))
    }

    /// At the end of the loop's turn.
    public func later(_ body: @escaping () -> Void) {
        loop.afterTurn(body)
    }
}
