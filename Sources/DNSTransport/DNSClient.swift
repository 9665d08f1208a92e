public import DNSMessages
public import EventLoops
public import NameResolution

/// Asks name servers over UDP and TCP, for all who live on one loop; it validates nothing.
///
/// The decisions are those of ``Resolver``; this class has the sockets, the timers and the random numbers. To be
/// shut down before it is let go.
public final class DNSClient {
    private struct UnderWay {
        let attempt: Int
        let exchange: any Exchange
        var timer: LoopTimer?
    }

    private let servers: NameServers
    private let loop: EventLoop
    private var resolver: Resolver
    private var exchanges: [Int: UnderWay] = [:]
    private var completions: [Int: (Answer) -> Void] = [:]
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
        resolver = Resolver(servers: servers.addresses.count, limits: limits)
    }

    /// Ends all lookups; their completions are told ``LookupFailure/cancelled``.
    public func shutDown() {
        perform(resolver.handle(.shutDown, at: now))
        for lookup in Array(exchanges.keys) { endExchange(of: lookup) }
    }

    private var now: Duration { loop.now - started }

    private func attemptEnded(_ lookup: Int, _ event: Lookup.Event) {
        endExchange(of: lookup)
        perform(resolver.handle(.attemptEnded(lookup: lookup, event), at: now))
    }

    private func perform(_ actions: [Resolver.Action]) {
        for action in actions {
            switch action {
            case .ask(let lookup, let attempt): ask(attempt, for: lookup)
            case .setTimeout(let lookup, let attempt, let delay): setTimeout(delay, of: attempt, for: lookup)
            case .answer(let ticket, let answer):
                guard let completion = completions.removeValue(forKey: ticket) else { continue }
                later { completion(answer) }
            }
        }
    }

    private func ask(_ attempt: Lookup.Attempt, for lookup: Int) {
        var query = DNSQuery(identifier: .random(in: 0...UInt16.max, using: &generator), question: attempt.question)
        let completion: Exchange.Completion = { [weak self] outcome in
            switch outcome {
            case .success(let response): self?.attemptEnded(lookup, .answered(response, attempt: attempt.number))
            case .failure(let failure): self?.attemptEnded(lookup, .failed(failure, attempt: attempt.number))
            }
        }
        let server = servers.addresses[attempt.server]
        let exchange: any Exchange
        switch attempt.transport {
        case .udp:
            // Some middleboxes do not repeat the letter case; a later try does without, rather than never succeed.
            if attempt.number <= servers.addresses.count { query.randomizeCase(using: &generator) }
            exchange = DatagramExchange(query, to: server, on: loop, completion: completion)
        case .tcp:
            exchange = StreamExchange(query, to: server, on: loop, completion: completion)
        }
        exchanges[lookup] = UnderWay(attempt: attempt.number, exchange: exchange)
        exchange.start()
    }

    private func setTimeout(_ delay: Duration, of attempt: Int, for lookup: Int) {
        exchanges[lookup]?.timer = loop.schedule(after: delay) { [weak self] in
            self?.attemptEnded(lookup, .timedOut(attempt: attempt))
        }
    }

    private func endExchange(of lookup: Int) {
        guard let underWay = exchanges.removeValue(forKey: lookup) else { return }
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
