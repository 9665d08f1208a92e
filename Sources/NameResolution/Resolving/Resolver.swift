public import DNSMessages
internal import DequeModule

/// All questions of a process: from the cache, or by one lookup for all who ask the same, a bounded number at a time.
///
/// It validates what lookups find, has the keys fetched for that, and chooses the servers; the transport carries out its
/// actions.
public struct Resolver: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// Somebody asks; the ticket comes back with the answer and has to be unique.
        case asked(DNSQuestion, ticket: Int)
        /// Something came of an attempt.
        case attemptEnded(attempt: Int, AttemptOutcome)
        /// The loop had its turn, after ``Action/resumeLater``.
        case resumed
        /// The timer of ``Action/setTimer(after:)`` ran out.
        case timerFired
        /// Servers, zones or trust anchors changed. Attempts under way are cancelled, and their questions asked anew.
        case planChanged(ResolutionPlan)
        /// How much work is taken on changed. What is under way keeps its time, but is begun anew when it is validation
        /// that changed; how many answers are kept stays as it was at the beginning.
        case limitsChanged(ResolverLimits, ValidationLimits)
        /// No more answers are wanted.
        case shutDown
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send a query.
        case ask(Attempt)
        /// Give up an attempt: nothing is to be reported of it any more.
        case cancel(attempt: Int)
        /// Report ``AttemptOutcome/timedOut`` after a while, unless the attempt ends before; it follows the attempt's
        /// ``ask(_:)``.
        case setTimeout(attempt: Int, after: Duration)
        /// Report ``Event/timerFired`` after a while; in place of its former setting.
        case setTimer(after: Duration)
        /// Report ``Event/resumed`` at a later turn of the loop.
        case resumeLater
        /// Give an answer to who holds the ticket.
        case answer(ticket: Int, Answer)
        /// Tell the operator.
        case report(ResolverReport)
    }

    /// Something to take note of before the call returns.
    enum Step {
        case lookup(Int, Lookup.Event)
        case validation(Validator.Event)
        case restart(Int)
    }

    /// What one call has come to so far.
    struct Turn {
        let time: ResolutionTime
        var actions: [Action] = []
        var steps: Deque<Step> = []

        var now: Duration { time.elapsed }
    }

    /// Whom an attempt is for.
    enum Purpose: Hashable {
        case lookup(Int)
        case fetch(DNSQuestion)
    }

    struct UnderWay {
        let attempt: Attempt
        let purpose: Purpose
    }

    struct Pending {
        var lookup: Lookup
        /// Who waits for it; nobody, when it only renews what is kept.
        var tickets: [Int]
    }

    var limits: ResolverLimits
    var validation: ValidationLimits
    var context: LookupContext
    var cache: AnswerCache
    var validator: Validator
    var lookups: [Int: Pending] = [:]
    var lookupNumbers: [DNSQuestion: Int] = [:]
    var waiting = WaitingQuestions()
    var fetches: [DNSQuestion: KeyFetch] = [:]
    var waitingFetches: Deque<DNSQuestion> = []
    var fetchHistory = KeyFetchHistory()
    var attempts: [Int: UnderWay] = [:]
    /// When lookups have to be over that wait for a proof and not for an attempt.
    var proofDeadlines: [Int: Duration] = [:]
    var timer: Duration?
    var lastAttempt = 0
    var lastLookup = 0
    var askers = 0

    /// - Parameters:
    ///   - plan: Whom to ask for which name, and what to hold true.
    ///   - limits: How much work is taken on.
    ///   - validation: How much work one question may make for validation.
    public init(
        plan: ResolutionPlan, limits: ResolverLimits = ResolverLimits(),
        validation: ValidationLimits = ValidationLimits()
    ) {
        self.limits = limits
        self.validation = validation
        context = LookupContext(plan: plan, limits: limits.lookup)
        validator = Validator(anchors: plan.anchors, limits: validation)
        cache = AnswerCache(
            capacity: limits.cachedAnswers, octets: limits.cachedOctets, staleLifetime: limits.staleLifetime)
    }

    /// Whom it asks for which name, and what it holds true; without learnt zones whose time is over.
    public var plan: ResolutionPlan { context.plan }

    /// Lookups under way.
    public var lookupsUnderWay: Int { lookups.count }

    /// How many answers are kept.
    public var cachedAnswers: Int { cache.count }

    /// The memory that kept answers take up, in octets, as far as it can be estimated.
    public var cachedOctets: Int { cache.octets }

    /// How each server has fared, in the order of the plan (EN-12).
    public var serverStates: [ServerState] { context.memory.states }

    /// The kept answer to a question, if there is one.
    public mutating func cachedAnswer(to question: DNSQuestion, at now: Duration) -> Answer? {
        cache.answer(to: question, at: now)
    }

    /// Forgets all answers for a name and the names below it.
    public mutating func forget(below zone: DNSName) {
        cache.forget(below: zone)
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        var turn = Turn(time: time)
        dropLapsedZones(&turn)
        switch event {
        case .asked(let question, let ticket): ask(question, ticket: ticket, &turn)
        case .attemptEnded(let attempt, let outcome): end(attempt, outcome, &turn)
        case .resumed: turn.steps.append(.validation(.resumed))
        case .timerFired: expire(&turn)
        case .planChanged(let plan): replacePlan(with: plan, &turn)
        case .limitsChanged(let limits, let validation): replaceLimits(limits, validation, &turn)
        case .shutDown: shutDown(&turn)
        }
        carryOn(&turn)
        // A learnt zone ends when its time has passed, not with the question after that (EN-07).
        if let end = context.nextExpiry { wake(at: end, &turn) }
        return turn.actions
    }

    /// Everything that follows from what happened, and then those whose turn has come thereby.
    private mutating func carryOn(_ turn: inout Turn) {
        repeat {
            while let step = turn.steps.popFirst() {
                switch step {
                case .lookup(let number, let event): advance(number, event, &turn)
                case .validation(let event): validate(event, &turn)
                case .restart(let number): restart(number, &turn)
                }
            }
            beginWaiting(&turn)
            beginWaitingFetches(&turn)
        } while !turn.steps.isEmpty
    }

    private mutating func end(_ identifier: Int, _ outcome: AttemptOutcome, _ turn: inout Turn) {
        guard let ended = attempts.removeValue(forKey: identifier) else { return }
        let reports = context.memory.note(outcome, of: ended.attempt.server, at: turn.now)
        turn.actions += reports.map(Action.report)
        switch ended.purpose {
        case .lookup(let number): turn.steps.append(.lookup(number, .attemptEnded(outcome)))
        case .fetch(let question): advance(question, outcome, &turn)
        }
    }

    /// Sends a query, for a lookup or for keys.
    mutating func send(_ query: Retrieval.Query, of retrieval: Retrieval, for purpose: Purpose, _ turn: inout Turn) {
        lastAttempt += 1
        let attempt = Attempt(
            identifier: lastAttempt, server: query.turn.server, transport: query.transport,
            question: retrieval.question, wantsSignatures: retrieval.zone.validation != .off,
            disablesChecking: retrieval.zone.validation == .local,
            requiresAuthentication: query.turn.requiresAuthentication, isRepetition: query.isRepetition)
        attempts[lastAttempt] = UnderWay(attempt: attempt, purpose: purpose)
        turn.actions += [.ask(attempt), .setTimeout(attempt: lastAttempt, after: query.timeout)]
    }

    /// Has the timer fire at a moment, unless it does before.
    mutating func wake(at moment: Duration, _ turn: inout Turn) {
        guard timer.map({ moment < $0 }) ?? true else { return }
        timer = moment
        turn.actions.append(.setTimer(after: max(.zero, moment - turn.now)))
    }

    /// Ends lookups whose proof takes too long.
    private mutating func expire(_ turn: inout Turn) {
        timer = nil
        for (number, deadline) in proofDeadlines.sorted(by: { $0.key < $1.key }) where deadline <= turn.now {
            turn.steps.append(.lookup(number, .expired))
        }
        if let next = proofDeadlines.values.filter({ $0 > turn.now }).min() { wake(at: next, &turn) }
    }
}
