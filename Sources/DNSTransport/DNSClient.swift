public import DNSMessages
public import EventLoops
public import NameResolution

/// Asks name servers for all who live on one loop, over whatever their configuration says.
///
/// The decisions are those of ``Resolver``; this class has the sockets, the timers and the clocks. To be shut down
/// before it is let go.
public final class DNSClient {
    private struct UnderWay {
        var handle: (any QueryHandle)?
        var timer: LoopTimer?
    }

    /// What an operator ought to know, with the plan that its numbers belong to.
    public var reported: ((ResolverReport, ResolutionPlan) -> Void)?

    private let loop: EventLoop
    private let resources: ChannelResources
    private var settings: ResolverSettings
    private var security: ChannelSecurity
    private let bootstrap: Bootstrap
    private var channels: [NameServerEndpoint: EndpointChannels] = [:]
    private var resolver: Resolver
    private var attempts: [Int: UnderWay] = [:]
    private var completions: [Int: (Answer) -> Void] = [:]
    private var lastTicket = 0
    private var isShutDown = false
    /// Questions that wait for what discovery finds out first; nil when none have to.
    private var held: [(question: DNSQuestion, completion: (Answer) -> Void)]?
    private var discovery: ResolverDiscovery?
    /// Seconds since 1970 as of which signatures are judged.
    private let signatureClock: () -> Int64
    private let started: LoopTime
    private lazy var timer = loop.timer { [weak self] in self?.handle(.timerFired) }

    /// - Parameters:
    ///   - settings: Whom to ask, and how. The authorities that they name are read here, unless `security` has them.
    ///   - loop: Where everything happens, this call included.
    ///   - wallClock: Seconds since 1970, for certificates and signatures.
    ///   - signatureClock: Seconds since 1970 as of which signatures are judged, where it is not now; servers prove
    ///     who they are now all the same. Nil: `wallClock`.
    public convenience init(
        _ settings: ResolverSettings, on loop: EventLoop, wallClock: @escaping () -> Int64 = WallClock.system,
        signatureClock: (() -> Int64)? = nil
    ) {
        self.init(
            settings, ChannelSecurity(for: settings.endpoints), on: loop, wallClock: wallClock,
            signatureClock: signatureClock)
    }

    /// - Parameter security: What ``ChannelSecurity/init(for:)`` loaded for these settings.
    init(
        _ settings: ResolverSettings, _ security: ChannelSecurity, on loop: EventLoop,
        wallClock: @escaping () -> Int64, signatureClock: (() -> Int64)? = nil
    ) {
        self.loop = loop
        self.signatureClock = signatureClock ?? wallClock
        self.settings = settings
        self.security = security
        resources = ChannelResources(loop: loop, wallClock: wallClock)
        bootstrap = Bootstrap(settings, resources)
        started = loop.now
        resolver = Resolver(plan: settings.plan, limits: settings.limits, validation: settings.validation)
    }

    /// Whom is asked now, without learnt zones whose time is over.
    public var plan: ResolutionPlan { resolver.plan }

    /// How each server has fared, in the order of ``plan``.
    public var serverStates: [ServerState] { resolver.serverStates }

    /// The present moment on the clock of ``serverStates``.
    public var elapsed: Duration { loop.now - started }

    /// Asks others from now on. Connections to servers that stay as they are are kept, and so are answers; questions
    /// under way are asked anew where their servers changed. Other limits of validation make everything be proved anew.
    public func replace(_ settings: ResolverSettings) {
        replace(settings, ChannelSecurity(for: settings.endpoints))
    }

    func replace(_ settings: ResolverSettings, _ security: ChannelSecurity) {
        guard !isShutDown else { return }
        let kept = Set(settings.endpoints)
        let gone = channels.filter { !kept.contains($0.key) }
        channels = channels.filter { kept.contains($0.key) }
        bootstrap.adopt(settings)
        self.settings = settings
        self.security = security
        handle(.planChanged(settings.plan))
        // Not before: what is begun anew has to go by the new numbers of servers.
        handle(.limitsChanged(settings.limits, settings.validation))
        for channel in gone.values { channel.shutDown() }
    }

    /// Ends all lookups; their completions are told ``LookupFailure/cancelled``, and so is whoever asks later.
    public func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        discovery?.shutDown()
        discovery = nil
        release()
        handle(.shutDown)
        for attempt in Array(attempts.keys) { letGo(attempt)?.cancel() }
        timer.cancel()
        for channel in channels.values { channel.shutDown() }
        channels = [:]
        bootstrap.shutDown()
    }

    /// Keeps the settings up to date from now on by what is found out; questions wait until it has begun.
    ///
    /// - Parameter security: What ``ResolverDiscovery/security(for:_:)`` read.
    func discover(
        _ settings: ResolverSettings, _ discovery: DiscoverySettings, _ security: ChannelSecurity,
        reported: @escaping (DiscoveryReport) -> Void
    ) {
        guard !isShutDown else { return }
        self.discovery?.shutDown()
        held = held ?? []
        withhold(settings.plan.zones)
        let begun = ResolverDiscovery(settings, discovery, security, for: self, resources, reported: reported)
        self.discovery = begun
        begun.start()
    }

    /// What is under way goes on as before until the servers were heard, but for names that are internal from now on:
    /// those are nobody else's at once (EN-04).
    private func withhold(_ zones: [ResolutionZone]) {
        let known = Set(settings.plan.zones.map(\.name))
        let fresh = zones.filter { !known.contains($0.name) }
        guard !fresh.isEmpty else { return }
        var interim = settings
        interim.plan.zones += fresh.map { ResolutionZone(name: $0.name, servers: [], validation: $0.validation) }
        replace(interim, security)
    }

    /// Ends the wait of questions for a discovery.
    func release() {
        let waiting = held ?? []
        held = nil
        for (question, completion) in waiting { resolve(question, completion: completion) }
    }

    private var now: ResolutionTime {
        ResolutionTime(elapsed: elapsed, wallClock: signatureClock())
    }

    private func handle(_ event: Resolver.Event) {
        perform(resolver.handle(event, at: now))
    }

    private func perform(_ actions: [Resolver.Action]) {
        for action in actions {
            switch action {
            case .ask(let attempt): ask(attempt)
            case .cancel(let attempt): letGo(attempt)?.cancel()
            case .setTimeout(let attempt, let delay): setTimeout(delay, of: attempt)
            case .setTimer(let delay): timer.rearm(after: delay)
            case .resumeLater: loop.afterTurn { [weak self] in self?.resume() }
            case .answer(let ticket, let answer):
                guard let completion = completions.removeValue(forKey: ticket) else { continue }
                later { completion(answer) }
            case .report(let report): reported?(report, settings.plan)
            }
        }
    }

    private func resume() {
        if !isShutDown { handle(.resumed) }
    }

    private func ask(_ attempt: Attempt) {
        let identifier = attempt.identifier
        do throws(QueryFailure) {
            let channel = try channel(for: attempt)
            attempts[identifier] = UnderWay()
            attempts[identifier]?.handle = channel.ask(Inquiry(attempt)) { [weak self] outcome in
                self?.ended(identifier, outcome)
            }
        } catch {
            attempts[identifier] = UnderWay()
            later { [weak self] in self?.ended(identifier, .failed(error)) }
        }
    }

    private func channel(for attempt: Attempt) throws(QueryFailure) -> any QueryChannel {
        guard settings.endpoints.indices.contains(attempt.server) else { throw .unreachable("no such server") }
        let endpoint = settings.endpoints[attempt.server]
        let ways = channels[endpoint] ?? EndpointChannels(endpoint, security, bootstrap, resources)
        channels[endpoint] = ways
        return try ways.channel(for: attempt.transport)
    }

    private func setTimeout(_ delay: Duration, of attempt: Int) {
        attempts[attempt]?.timer = loop.schedule(after: delay) { [weak self] in
            guard let self, let underWay = attempts.removeValue(forKey: attempt) else { return }
            underWay.handle?.timedOut()
            handle(.attemptEnded(attempt: attempt, .timedOut))
        }
    }

    private func ended(_ attempt: Int, _ outcome: AttemptOutcome) {
        // Cancelled meanwhile, if it is no longer there.
        guard attempts[attempt] != nil else { return }
        _ = letGo(attempt)
        handle(.attemptEnded(attempt: attempt, outcome))
    }

    private func letGo(_ attempt: Int) -> (any QueryHandle)? {
        guard let underWay = attempts.removeValue(forKey: attempt) else { return nil }
        underWay.timer?.cancel()
        return underWay.handle
    }
}

extension DNSClient: NameResolver {
    /// The answer to one question, with what validation found where the zone's answers are validated.
    public func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void) {
        guard !isShutDown else { return later { completion(Answer(to: question, .failed(.cancelled))) } }
        if let waiting = held {
            guard waiting.count < settings.limits.waitingQuestions else {
                return later { completion(Answer(to: question, .failed(.overloaded))) }
            }
            held?.append((question, completion))
            return
        }
        lastTicket += 1
        completions[lastTicket] = completion
        handle(.asked(question, ticket: lastTicket))
    }

    /// At the end of the loop's turn.
    public func later(_ body: @escaping () -> Void) {
        loop.afterTurn(body)
    }
}
