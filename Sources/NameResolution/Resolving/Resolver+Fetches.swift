internal import DNSMessages
internal import DequeModule

/// Proofs, and the keys that are fetched for them.
///
/// Fetches have room of their own: lookups that wait for them can never take it all up.
extension Resolver {
    mutating func validate(_ event: Validator.Event, _ turn: inout Turn) {
        for action in validator.handle(event, at: turn.time) {
            switch action {
            case .fetch(let question):
                guard fetches[question] == nil, !waitingFetches.contains(question) else { continue }
                waitingFetches.append(question)
            case .resumeLater:
                turn.actions.append(.resumeLater)
            case .concluded(let identifier, let verdict):
                turn.steps.append(.lookup(identifier, .concluded(verdict)))
            }
        }
        beginWaitingFetches(&turn)
    }

    mutating func beginWaitingFetches(_ turn: inout Turn) {
        while fetches.count < limits.concurrentFetches, let question = waitingFetches.popFirst() {
            let avoided = fetchHistory.servers(asked: question, at: turn.now)
            var fetch = KeyFetch(question, avoiding: avoided, in: context, at: turn.now)
            let step = fetch.begin(at: turn.now)
            fetches[question] = fetch
            carryOut(step, of: question, &turn)
        }
    }

    mutating func advance(_ question: DNSQuestion, _ outcome: AttemptOutcome, _ turn: inout Turn) {
        guard let step = fetches[question]?.handle(outcome, at: turn.now) else { return }
        carryOut(step, of: question, &turn)
    }

    private mutating func carryOut(_ step: KeyFetch.Step, of question: DNSQuestion, _ turn: inout Turn) {
        switch step {
        case .ask(let query, let retrieval):
            send(query, of: retrieval, for: .fetch(question), &turn)
        case .finished(let result, let server):
            fetches[question] = nil
            if let server { fetchHistory.note(server, answered: question, at: turn.now) }
            turn.steps.append(.validation(.fetched(question, result)))
        }
    }
}
