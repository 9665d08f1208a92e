internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Performs what a ``DesignationDiscovery`` orders, for one configured server.
final class DesignationRun {
    private let endpoint: NameServerEndpoint
    private let authorities: CertificateAuthorities
    private let tools: DiscoveryTools
    private let mayHear: (DNSName) -> Bool
    private let concluded: ([DesignatedResolver], [DesignationRefusal]) -> Void
    private var discovery: DesignationDiscovery
    private let ownChannels: EndpointChannels
    private var questions: [DirectQuestion] = []
    private var candidates: [EndpointChannels] = []
    private var timers: [DesignationDiscovery.Timer: LoopTimer] = [:]

    /// - Parameters:
    ///   - settings: Whether encryption alone will do, and who may have issued certificates.
    ///   - mayHear: Whether the server may be asked for a name.
    ///   - concluded: Called for every discovery, the first and those that follow.
    /// - Returns: nil for a server that has nothing to designate by: one that is encrypted and known by no name, or one
    ///   that is told who we are, which a designation could turn to another use (RFC 9461 §7.2).
    init?(
        of endpoint: NameServerEndpoint, _ settings: DiscoverySettings, _ tools: DiscoveryTools,
        mayHear: @escaping (DNSName) -> Bool,
        concluded: @escaping ([DesignatedResolver], [DesignationRefusal]) -> Void
    ) {
        guard let designator = endpoint.designator, endpoint.https?.credential == nil else { return nil }
        self.endpoint = endpoint
        self.tools = tools
        self.mayHear = mayHear
        self.concluded = concluded
        switch designator {
        case .address: authorities = settings.authorities
        case .name: authorities = endpoint.authentication.authorities
        }
        discovery = DesignationDiscovery(
            of: designator, profile: settings.profile, seed: .random(in: UInt64.min...UInt64.max))
        ownChannels = tools.channels(to: endpoint)
    }

    func start() { handle(.started) }

    func shutDown() {
        for timer in timers.values { timer.cancel() }
        letGo()
        ownChannels.shutDown()
    }

    private func handle(_ event: DesignationDiscovery.Event) { perform(discovery.handle(event)) }

    private func perform(_ actions: [DesignationDiscovery.Action]) {
        for action in actions {
            switch action {
            case .ask(let question): ask(question)
            case .verify(let candidate, let allowsUnauthenticated):
                verify(candidate, allowsUnauthenticated: allowsUnauthenticated)
            case .setTimer(let timer, let delay): set(timer, after: delay)
            case .conclude(let designated, let refusals):
                timers[.patience]?.cancel()
                letGo()
                concluded(designated, refusals)
            }
        }
    }

    private func ask(_ question: DNSQuestion) {
        // An answer can name whatever it likes as a target.
        guard mayHear(question.name) else {
            return tools.loop.afterTurn { [weak self] in
                self?.handle(.answered(question, .failure(.unreachable("the name is for others to be asked"))))
            }
        }
        run(Inquiry(question, to: endpoint.server), to: endpoint, through: ownChannels) { [weak self] outcome in
            let result: Result<DNSResponse, LookupFailure> =
                switch outcome {
                case .answered(let response, _, _): .success(response)
                case .timedOut: .failure(.timedOut)
                case .failed(let failure): .failure(.unreachable("\(failure)"))
                }
            self?.handle(.answered(question, result))
        }
    }

    private func verify(_ candidate: DesignatedEndpoint, allowsUnauthenticated: Bool) {
        let proof = DesignatedResolver(candidate, proof: .verified)
        guard let server = endpoint.designating(proof, authorities: authorities) else {
            return tools.loop.afterTurn { [weak self] in
                self?.handle(.verified(candidate, .unreachable("no such address")))
            }
        }
        let channels = tools.channels(to: server)
        candidates.append(channels)
        // Something that every resolver knows, and that tells nobody what we look for.
        var inquiry = Inquiry(DNSQuestion(.root, .ns))
        inquiry.requiresAuthentication = true
        run(inquiry, to: server, through: channels) { [weak self] outcome in
            guard case .failed(.notAuthenticated(let reason)) = outcome, allowsUnauthenticated else {
                self?.handle(.verified(candidate, Self.verification(outcome)))
                return
            }
            self?.askUnauthenticated(candidate, server, because: reason)
        }
    }

    private func askUnauthenticated(
        _ candidate: DesignatedEndpoint, _ server: NameServerEndpoint, because reason: String
    ) {
        let channels = tools.channels(to: server)
        candidates.append(channels)
        run(Inquiry(DNSQuestion(.root, .ns)), to: server, through: channels) { [weak self] outcome in
            var answers = false
            if case .answered(let response, _, _) = outcome { answers = response.code == .noError }
            self?.handle(.verified(candidate, .notAuthenticated(reason, answers: answers)))
        }
    }

    private static func verification(_ outcome: AttemptOutcome) -> DesignationDiscovery.Verification {
        switch outcome {
        case .answered(let response, isAuthenticated: true, _):
            response.code == .noError ? .authenticated : .unreachable("it answers \(response.code)")
        case .answered: .notAuthenticated("nothing was demanded of it", answers: true)
        case .timedOut: .unreachable("no answer in time")
        case .failed(.notAuthenticated(let reason)): .notAuthenticated(reason, answers: false)
        case .failed(let failure): .unreachable("\(failure)")
        }
    }

    private func run(
        _ inquiry: Inquiry, to server: NameServerEndpoint, through channels: EndpointChannels,
        completion: @escaping DirectQuestion.Completion
    ) {
        let question = DirectQuestion(
            inquiry, to: server.server, through: channels, on: tools.loop, completion: completion)
        questions.append(question)
        question.start()
    }

    private func set(_ timer: DesignationDiscovery.Timer, after delay: Duration) {
        let armed = timers[timer] ?? tools.loop.timer { [weak self] in self?.handle(.timerFired(timer)) }
        timers[timer] = armed
        armed.rearm(after: delay)
    }

    /// The connections of a discovery end with it: those that are used are made by the client.
    private func letGo() {
        for question in questions { question.cancel() }
        for channels in candidates { channels.shutDown() }
        (questions, candidates) = ([], [])
    }
}
