public import DNSMessages
internal import DequeModule

/// All questions of one loop: from the cache, or by one lookup for all who ask the same, a bounded number at a time.
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

    private struct Pending {
        var lookup: Lookup
        var tickets: [Int]
    }

    private struct Waiting {
        var tickets: [Int]
        let since: Duration
    }

    private let plan: ResolutionPlan
    private let limits: ResolverLimits
    private var cache: AnswerCache
    private var lookups: [Int: Pending] = [:]
    private var lookupNumbers: [DNSQuestion: Int] = [:]
    private var waiting: [DNSQuestion: Waiting] = [:]
    private var queue: Deque<DNSQuestion> = []
    private var attempts: [Int: (lookup: Int, number: Int)] = [:]
    private var lastAttempt = 0
    private var lastNumber = 0
    private var askers = 0

    /// - Parameters:
    ///   - plan: Whom to ask for which name, and what to hold true.
    ///   - limits: How much work is taken on.
    ///   - validation: How much work one question may make for validation.
    public init(
        plan: ResolutionPlan, limits: ResolverLimits = ResolverLimits(),
        validation: ValidationLimits = ValidationLimits()
    ) {
        self.plan = plan
        self.limits = limits
        cache = AnswerCache(capacity: limits.cachedAnswers)
    }

    /// Lookups under way.
    public var lookupsUnderWay: Int { lookups.count }

    /// The kept answer to a question, if there is one.
    public mutating func cachedAnswer(to question: DNSQuestion, at now: Duration) -> Answer? {
        cache.answer(to: question, at: now)
    }

    /// How each server has fared, in the order of the plan (EN-12).
    public var serverStates: [ServerState] { plan.servers.map(ServerState.init(of:)) }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        let now = time.elapsed
        switch event {
        case .resumed, .timerFired, .planChanged: return []
        case .asked(let question, let ticket):
            return ask(question, ticket: ticket, at: now)
        case .attemptEnded(let identifier, let outcome):
            guard let (number, attempt) = attempts.removeValue(forKey: identifier) else { return [] }
            let event: Lookup.Event =
                switch outcome {
                case .answered(let response, _, _): .answered(response, attempt: attempt)
                case .timedOut: .timedOut(attempt: attempt)
                case .failed(let failure): .failed(failure.lookupFailure, attempt: attempt)
                }
            guard let actions = lookups[number]?.lookup.handle(event, at: now) else { return [] }
            return carryOut(actions, of: number, at: now)
        case .shutDown:
            return shutDown()
        }
    }

    private mutating func ask(_ question: DNSQuestion, ticket: Int, at now: Duration) -> [Action] {
        if let answer = cache.answer(to: question, at: now) { return [.answer(ticket: ticket, answer)] }
        guard askers < limits.askers else { return [Self.refusal(question, ticket)] }
        if let number = lookupNumbers[question] {
            lookups[number]?.tickets.append(ticket)
        } else if waiting[question] != nil {
            waiting[question]?.tickets.append(ticket)
        } else if lookups.count < limits.concurrentLookups {
            askers += 1
            return begin(question, tickets: [ticket], at: now)
        } else if waiting.count < limits.waitingQuestions {
            waiting[question] = Waiting(tickets: [ticket], since: now)
            queue.append(question)
        } else {
            return [Self.refusal(question, ticket)]
        }
        askers += 1
        return []
    }

    private mutating func begin(_ question: DNSQuestion, tickets: [Int], at now: Duration) -> [Action] {
        lastNumber += 1
        var lookup = Lookup(question, servers: plan.servers.count, limits: limits.lookup)
        let actions = lookup.begin(at: now)
        lookups[lastNumber] = Pending(lookup: lookup, tickets: tickets)
        lookupNumbers[question] = lastNumber
        return carryOut(actions, of: lastNumber, at: now)
    }

    private mutating func carryOut(_ actions: [Lookup.Action], of number: Int, at now: Duration) -> [Action] {
        var result: [Action] = []
        for action in actions {
            switch action {
            case .ask(let attempt):
                lastAttempt += 1
                attempts[lastAttempt] = (number, attempt.number)
                result.append(
                    .ask(
                        Attempt(
                            identifier: lastAttempt, server: attempt.server,
                            transport: attempt.transport == .udp ? .udp : .tcp, question: attempt.question,
                            isRepetition: attempt.number > plan.servers.count)))
            case .setTimeout(_, let delay):
                result.append(.setTimeout(attempt: lastAttempt, after: delay))
            case .finished(let answer):
                cache.store(answer, at: now)
                let tickets = lookups.removeValue(forKey: number)?.tickets ?? []
                lookupNumbers[answer.question] = nil
                askers -= tickets.count
                result += tickets.map { .answer(ticket: $0, answer) }
                result += beginWaiting(at: now)
            }
        }
        return result
    }

    private mutating func beginWaiting(at now: Duration) -> [Action] {
        var actions: [Action] = []
        while lookups.count < limits.concurrentLookups, let question = queue.popFirst() {
            guard let next = waiting.removeValue(forKey: question) else { continue }
            if now - next.since < limits.lookup.overall {
                actions += begin(question, tickets: next.tickets, at: now)
            } else {
                // Whoever asked has given up by now; a lookup would only keep the others waiting.
                askers -= next.tickets.count
                actions += next.tickets.map { Self.refusal(question, $0) }
            }
        }
        return actions
    }

    private mutating func shutDown() -> [Action] {
        let open = lookups.sorted { $0.key < $1.key }.map { ($0.value.lookup.question, $0.value.tickets) }
        let queued = queue.compactMap { question in waiting[question].map { (question, $0.tickets) } }
        lookups = [:]
        lookupNumbers = [:]
        waiting = [:]
        queue = []
        askers = 0
        return (open + queued).flatMap { question, tickets in
            tickets.map { .answer(ticket: $0, Answer(to: question, .failed(.cancelled))) }
        }
    }

    private static func refusal(_ question: DNSQuestion, _ ticket: Int) -> Action {
        .answer(ticket: ticket, Answer(to: question, .failed(.overloaded)))
    }
}
