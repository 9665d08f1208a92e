internal import DNSMessages
internal import DequeModule

/// From questions to lookups, and from lookups to answers.
extension Resolver {
    mutating func ask(_ question: DNSQuestion, ticket: Int, _ turn: inout Turn) {
        if let hit = cache.hit(for: question, at: turn.now) {
            turn.actions.append(.answer(ticket: ticket, hit.answer))
            // Not at the expense of those who have no answer at all.
            if hit.isDue, lookupNumbers[question] == nil, lookups.count < limits.concurrentLookups / 2 {
                cache.noteRenewal(of: question, at: turn.now)
                begin(question, tickets: [], &turn)
            }
            return
        }
        guard askers < limits.askers else { return refuse(question, [ticket], &turn) }
        if let number = lookupNumbers[question] {
            lookups[number]?.tickets.append(ticket)
        } else if waiting.join(question, ticket: ticket) {
            // It will have its turn.
        } else if lookups.count < limits.concurrentLookups {
            begin(question, tickets: [ticket], &turn)
        } else if waiting.count < limits.waitingQuestions {
            waiting.append(question, ticket: ticket, at: turn.now)
        } else {
            return refuse(question, [ticket], &turn)
        }
        askers += 1
    }

    mutating func beginWaiting(_ turn: inout Turn) {
        while lookups.count < limits.concurrentLookups, turn.steps.isEmpty, let next = waiting.popFirst() {
            if turn.now - next.since < limits.lookup.overall {
                begin(next.question, tickets: next.tickets, &turn)
            } else {
                // Whoever asked has given up by now; a lookup would only keep the others waiting.
                askers -= next.tickets.count
                refuse(next.question, next.tickets, &turn)
            }
        }
    }

    private mutating func begin(_ question: DNSQuestion, tickets: [Int], _ turn: inout Turn) {
        lastLookup += 1
        lookups[lastLookup] = Pending(lookup: Lookup(question, limits: limits.lookup), tickets: tickets)
        lookupNumbers[question] = lastLookup
        turn.steps.append(.restart(lastLookup))
    }

    /// Starts a lookup, or starts it anew.
    mutating func restart(_ number: Int, _ turn: inout Turn) {
        guard let question = lookups[number]?.lookup.question else { return }
        var lookup = Lookup(question, limits: limits.lookup)
        let actions = lookup.begin(in: context, at: turn.now)
        lookups[number]?.lookup = lookup
        carryOut(actions, of: number, &turn)
    }

    mutating func advance(_ number: Int, _ event: Lookup.Event, _ turn: inout Turn) {
        guard let actions = lookups[number]?.lookup.handle(event, in: context, at: turn.now) else { return }
        if proofDeadlines.removeValue(forKey: number) != nil, case .expired = event {
            turn.steps.append(.validation(.cancelled(identifier: number)))
        }
        carryOut(actions, of: number, &turn)
    }

    private mutating func carryOut(_ actions: [Lookup.Action], of number: Int, _ turn: inout Turn) {
        for action in actions {
            switch action {
            case .ask(let query, let retrieval):
                send(query, of: retrieval, for: .lookup(number), &turn)
            case .prove(let task):
                let deadline = lookups[number]?.lookup.deadline ?? turn.now
                proofDeadlines[number] = deadline
                wake(at: deadline, &turn)
                turn.steps.append(.validation(.began(task, identifier: number)))
            case .judged(let server, let status):
                context.memory.note(status, of: server)
            case .distrust(let server, let report):
                context.memory.suspect(server, at: turn.now)
                if let question = lookups[number]?.lookup.question {
                    turn.actions.append(.report(.bogus(question, server: server, report)))
                }
            case .finished(let answer):
                finish(number, answer, &turn)
            }
        }
    }

    private mutating func finish(_ number: Int, _ answer: Answer, _ turn: inout Turn) {
        guard let pending = lookups.removeValue(forKey: number) else { return }
        lookupNumbers[answer.question] = nil
        proofDeadlines[number] = nil
        askers -= pending.tickets.count
        var answer = answer
        if answer.failure?.isServersDoing == true, let stale = cache.staleAnswer(to: answer.question, at: turn.now) {
            answer = stale
            turn.actions.append(.report(.servedStale(answer.question)))
        } else {
            cache.store(answer, at: turn.now)
        }
        turn.actions += pending.tickets.map { .answer(ticket: $0, answer) }
    }

    private func refuse(_ question: DNSQuestion, _ tickets: [Int], _ turn: inout Turn) {
        let refusal = Answer(to: question, .failed(.overloaded))
        turn.actions += tickets.map { .answer(ticket: $0, refusal) }
    }

    mutating func shutDown(_ turn: inout Turn) {
        cancelAttempts(&turn)
        let open = lookups.sorted { $0.key < $1.key }.map { ($0.value.lookup.question, $0.value.tickets) }
        var asked = open
        while let next = waiting.popFirst() { asked.append((next.question, next.tickets)) }
        lookups = [:]
        lookupNumbers = [:]
        askers = 0
        for (question, tickets) in asked {
            turn.actions += tickets.map { .answer(ticket: $0, Answer(to: question, .failed(.cancelled))) }
        }
    }

    /// Gives up all that is under way, proofs included; what was proved so far stays.
    mutating func cancelAttempts(_ turn: inout Turn) {
        turn.actions += attempts.keys.sorted().map { .cancel(attempt: $0) }
        attempts = [:]
        fetches = [:]
        waitingFetches = []
        fetchHistory = KeyFetchHistory()
        proofDeadlines = [:]
        validator.abandonTasks()
    }
}
