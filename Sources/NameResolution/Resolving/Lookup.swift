internal import DNSMessages

/// One question on its way through the name servers to its answer: aliases followed, each step proved as its zone demands.
struct Lookup: Sendable {
    enum Event: Sendable {
        /// Something came of the query sent last.
        case attemptEnded(AttemptOutcome)
        /// The verdict on what was to be proved last.
        case concluded(ValidationVerdict)
        /// The time for all of it has passed.
        case expired
    }

    enum Action: Sendable {
        /// Send a query, in the place of the last.
        case ask(Retrieval.Query, Retrieval)
        /// Have this proved.
        case prove(ValidationTask)
        /// What DNSSEC says of a server's answer.
        case judged(server: Int, SecurityStatus)
        /// A server's answer was not genuine.
        case distrust(server: Int, ValidationReport)
        /// The lookup is over.
        case finished(Answer)
    }

    private enum State: Sendable {
        case idle
        case asking(Retrieval)
        case proving(Retrieval, Retrieval.Reception, ResponseEvaluation)
        case finished
    }

    /// The question asked.
    let question: DNSQuestion
    /// When the time for all of it has passed; zero before it begins.
    private(set) var deadline: Duration = .zero
    private var state = State.idle
    private var aliases: AliasChain
    private var trust = ProvenPath()
    private var source: AnswerSource?
    /// A proof that failed: it says more than the silence of other servers.
    private var bogus: ValidationReport?

    init(_ question: DNSQuestion, limits: LookupLimits) {
        self.question = question
        aliases = AliasChain(from: question.name, limit: limits.aliases)
    }

    var isProving: Bool {
        guard case .proving = state else { return false }
        return true
    }

    /// Starts the lookup; only the first call has an effect.
    mutating func begin(in context: LookupContext, at now: Duration) -> [Action] {
        guard case .idle = state else { return [] }
        deadline = now + context.limits.overall
        return ask(context.retrieval(of: question, deadline: deadline, at: now), in: context, at: now)
    }

    mutating func handle(_ event: Event, in context: LookupContext, at now: Duration) -> [Action] {
        switch (state, event) {
        case (.asking(var retrieval), .attemptEnded(let outcome)):
            guard let step = retrieval.handle(outcome, among: context.plan.servers, at: now) else { return [] }
            return take(step, of: retrieval, in: context, at: now)
        case (.proving(let retrieval, let reception, let evaluation), .concluded(let verdict)):
            return conclude(verdict, on: evaluation, from: reception, of: retrieval, in: context, at: now)
        case (.asking, .expired), (.proving, .expired):
            return finish(.failed(.timedOut))
        case (.idle, _), (.finished, _), (.asking, .concluded), (.proving, .attemptEnded):
            return []
        }
    }

    private mutating func ask(_ retrieval: Retrieval, in context: LookupContext, at now: Duration) -> [Action] {
        var retrieval = retrieval
        let step = retrieval.begin(among: context.plan.servers, at: now)
        return take(step, of: retrieval, in: context, at: now)
    }

    private mutating func take(
        _ step: Retrieval.Step, of retrieval: Retrieval, in context: LookupContext, at now: Duration
    ) -> [Action] {
        switch step {
        case .ask(let query):
            state = .asking(retrieval)
            return [.ask(query, retrieval)]
        case .failed(let failure):
            // Who answered and was not believed is named with what it proved of itself.
            if bogus == nil, let last = retrieval.lastAsked, last.server != source?.server { source = last }
            return finish(.failed(failure))
        case .received(let reception):
            return evaluate(reception, of: retrieval, in: context, at: now)
        }
    }

    private mutating func evaluate(
        _ reception: Retrieval.Reception, of retrieval: Retrieval, in context: LookupContext, at now: Duration
    ) -> [Action] {
        let evaluation = ResponseEvaluation(
            of: reception.response, type: question.type, along: aliases, in: retrieval.zone, among: context.zones)
        switch (evaluation.verdict, retrieval.zone.validation) {
        case (.unusable(.tooManyAliases), let validation) where validation != .local:
            return finish(.failed(.tooManyAliases))
        case (.unusable(let failure), _):
            // Unproven aliases may be a lie, too: another server may know better.
            return reject(reception, of: retrieval, as: failure, in: context, at: now)
        case (_, .local) where question.type != .rrsig:
            state = .proving(retrieval, reception, evaluation)
            return [.prove(evaluation.task)]
        case (_, .server):
            let report = ServerVerdict.report(on: reception, from: context.plan.servers[reception.server])
            trust.add(report, lifetime: nil)
            return [.judged(server: reception.server, report.status)]
                + proceed(with: evaluation, from: reception, of: retrieval, in: context, at: now)
        case (_, .local), (_, .off):
            // Signatures are not signed themselves (RFC 4035 §2.2).
            trust.addUnvalidated()
            return proceed(with: evaluation, from: reception, of: retrieval, in: context, at: now)
        }
    }

    private mutating func conclude(
        _ verdict: ValidationVerdict, on evaluation: ResponseEvaluation, from reception: Retrieval.Reception,
        of retrieval: Retrieval, in context: LookupContext, at now: Duration
    ) -> [Action] {
        source = reception.source
        let judgement = Action.judged(server: reception.server, verdict.report.status)
        switch verdict.report.status {
        case .secure, .insecure:
            trust.add(verdict.report, lifetime: verdict.lifetime)
            return [judgement] + proceed(with: evaluation, from: reception, of: retrieval, in: context, at: now)
        case .bogus:
            bogus = verdict.report
            return [judgement, .distrust(server: reception.server, verdict.report)]
                + reject(reception, of: retrieval, as: .bogus(verdict.report.reason), in: context, at: now)
        case .indeterminate:
            trust.add(verdict.report, lifetime: nil)
            return [judgement] + finish(.failed(.unproven(verdict.report.reason)))
        }
    }

    private mutating func proceed(
        with evaluation: ResponseEvaluation, from reception: Retrieval.Reception, of retrieval: Retrieval,
        in context: LookupContext, at now: Duration
    ) -> [Action] {
        source = reception.source
        aliases = evaluation.aliases
        bogus = nil
        if case .answer(let content, let lifetime) = evaluation.verdict { return finish(content, lifetime: lifetime) }
        // The server that knew the alias is the one to ask for what is behind it, where that is its zone as well.
        let next = context.retrieval(
            of: DNSQuestion(aliases.last, question.type), preferring: reception.server,
            allowance: retrieval.allowance, deadline: deadline, at: now)
        return ask(next, in: context, at: now)
    }

    private mutating func reject(
        _ reception: Retrieval.Reception, of retrieval: Retrieval, as failure: LookupFailure,
        in context: LookupContext, at now: Duration
    ) -> [Action] {
        source = reception.source
        var retrieval = retrieval
        let step = retrieval.reject(reception.server, as: failure, among: context.plan.servers, at: now)
        return take(step, of: retrieval, in: context, at: now)
    }

    private mutating func finish(_ content: Answer.Content, lifetime: Duration = .zero) -> [Action] {
        state = .finished
        let answer: Answer
        if case .failed(let failure) = content {
            answer = Answer(
                to: question, .failed(bogus.map { .bogus($0.reason) } ?? failure), canonicalName: aliases.last,
                security: bogus == nil ? .indeterminate : .bogus, report: bogus ?? trust.report, source: source)
        } else {
            answer = Answer(
                to: question, content, canonicalName: aliases.last, security: trust.status,
                lifetime: min(lifetime, aliases.lifetime, trust.lifetime), report: trust.report, source: source)
        }
        return [.finished(answer)]
    }
}
