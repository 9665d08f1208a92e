import DNSMessages
import NameResolution

/// A resolver with a clock, and a record of what it wanted.
struct ResolverBench {
    var resolver: Resolver
    var now = Duration.zero
    /// Every attempt that was to be made.
    private(set) var asked: [Attempt] = []
    private(set) var answers: [Int: Answer] = [:]
    private(set) var reports: [ResolverReport] = []
    private var open: [Int: Attempt] = [:]
    private var turnsOwed = 0

    init(plan: ResolutionPlan, limits: ResolverLimits = ResolverLimits()) {
        resolver = Resolver(plan: plan, limits: limits)
    }

    /// What the wire saw: `server question`, attempt by attempt.
    var wire: [String] { asked.map { "\($0.server) \($0.question)" } }

    @discardableResult
    mutating func ask(_ question: DNSQuestion, ticket: Int) -> [Resolver.Action] {
        handle(.asked(question, ticket: ticket))
    }

    @discardableResult
    mutating func end(_ attempt: Int, _ outcome: AttemptOutcome) -> [Resolver.Action] {
        handle(.attemptEnded(attempt: attempt, outcome))
    }

    @discardableResult
    mutating func handle(_ event: Resolver.Event) -> [Resolver.Action] {
        if case .attemptEnded(let attempt, _) = event { open[attempt] = nil }
        let time = ResolutionTime(elapsed: now, wallClock: SignedTree.now + now.components.seconds)
        let actions = resolver.handle(event, at: time)
        for action in actions {
            switch action {
            case .ask(let attempt):
                asked.append(attempt)
                open[attempt.identifier] = attempt
            case .cancel(let attempt): open[attempt] = nil
            case .answer(let ticket, let answer): answers[ticket] = answer
            case .report(let report): reports.append(report)
            case .resumeLater: turnsOwed += 1
            case .setTimeout, .setTimer: break
            }
        }
        return actions
    }

    /// Asks and lets a script answer, until there is nothing more to do.
    mutating func resolve(
        _ question: DNSQuestion, by script: (Attempt) throws -> AttemptOutcome
    ) rethrows -> Answer? {
        let ticket = -1 - asked.count - answers.count
        ask(question, ticket: ticket)
        try run(by: script)
        return answers[ticket]
    }

    mutating func run(by script: (Attempt) throws -> AttemptOutcome) rethrows {
        while true {
            if let next = open.min(by: { $0.key < $1.key }) {
                end(next.key, try script(next.value))
            } else if turnsOwed > 0 {
                turnsOwed -= 1
                handle(.resumed)
            } else {
                return
            }
        }
    }
}

extension AttemptOutcome {
    /// A response over whatever transport.
    static func received(_ response: DNSResponse, isAuthenticated: Bool = false) -> AttemptOutcome {
        .answered(response, isAuthenticated: isAuthenticated)
    }
}
