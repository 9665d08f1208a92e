public import DNSMessages

/// One question on its way through the name servers to its answer.
///
/// It opens no socket: who carries it out sends what it asks for, and tells it what came back. Times are durations since
/// any fixed moment.
public struct Lookup: Sendable {
    /// How a query travels.
    public enum Transport: Hashable, Sendable {
        /// In a datagram, whose answer may be truncated.
        case udp
        /// On a connection.
        case tcp
    }

    /// One query to one server.
    public struct Attempt: Hashable, Sendable {
        /// Tells this attempt from all others of the same lookup.
        public let number: Int
        /// The index of the server in the list.
        public let server: Int
        /// How the query travels.
        public let transport: Transport
        /// What is asked: the question of the lookup, or one that an alias led to.
        public let question: DNSQuestion

        /// Makes an attempt.
        public init(number: Int, server: Int, transport: Transport, question: DNSQuestion) {
            self.number = number
            self.server = server
            self.transport = transport
            self.question = question
        }
    }

    /// What came of an attempt. An event of an attempt that is no longer waited for changes nothing.
    public enum Event: Hashable, Sendable {
        /// A response that matches the query in identifier, question and source; anything else is to be ignored,
        /// or over TCP to be reported as a failure (DN-16).
        case answered(DNSResponse, attempt: Int)
        /// Its time passed. Nothing that still arrives for it is to be reported.
        case timedOut(attempt: Int)
        /// It could not be carried out.
        case failed(LookupFailure, attempt: Int)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send a query.
        case ask(Attempt)
        /// Report ``Event/timedOut(attempt:)`` after a while, unless the attempt ends before.
        case setTimeout(attempt: Int, after: Duration)
        /// The lookup is over.
        case finished(Answer)
    }

    private enum State: Sendable {
        case idle
        case asking(Attempt)
        case finished
    }

    /// The question asked.
    public let question: DNSQuestion

    private let servers: Int
    private let limits: LookupLimits
    private var state = State.idle
    private var aliases: AliasChain
    private var deadline: Duration = .zero
    private var sent = 0
    /// Tries made for the question at hand; it also says whose turn it is.
    private var tries = 0
    private var firstServer = 0
    /// Servers that have nothing to say to the question at hand: asking them again would not help.
    private var unusable: Set<Int> = []

    /// - Parameters:
    ///   - question: What to find out.
    ///   - servers: How many name servers there are.
    ///   - limits: How long and how often to try.
    public init(_ question: DNSQuestion, servers: Int, limits: LookupLimits = LookupLimits()) {
        self.question = question
        self.servers = servers
        self.limits = limits
        aliases = AliasChain(from: question.name, limit: limits.aliases)
    }

    /// Starts the lookup; only the first call has an effect.
    public mutating func begin(at now: Duration) -> [Action] {
        guard case .idle = state else { return [] }
        deadline = now + limits.overall
        return ask(after: servers > 0 ? .timedOut : .noServers, at: now)
    }

    /// Takes note of what came of an attempt.
    public mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        guard case .asking(let attempt) = state, event.attempt == attempt.number else { return [] }
        switch event {
        case .timedOut:
            return ask(after: .timedOut, at: now)
        case .failed(let failure, _):
            unusable.insert(attempt.server)
            return ask(after: failure, at: now)
        case .answered(let response, _) where response.isTruncated:
            // Truncated over TCP makes no sense; the server is no use.
            guard attempt.transport == .udp else {
                unusable.insert(attempt.server)
                return ask(after: .lameServer, at: now)
            }
            return send(.tcp, to: attempt.server, at: now, insteadOf: .timedOut)
        case .answered(let response, _):
            return conclude(ResponseEvaluation(of: response, type: question.type, along: aliases), attempt, at: now)
        }
    }

    private mutating func conclude(
        _ evaluation: ResponseEvaluation, _ attempt: Attempt, at now: Duration
    ) -> [Action] {
        switch evaluation.verdict {
        case .answer(let content, let lifetime):
            aliases = evaluation.aliases
            return finish(content, lifetime: min(lifetime, aliases.lifetime))
        case .incomplete:
            aliases = evaluation.aliases
            tries = 0
            unusable = []
            // The server that knew the alias is the one to ask for what is behind it.
            firstServer = attempt.server
            return ask(after: .tooManyAliases, at: now)
        case .unusable(.tooManyAliases):
            return finish(.failed(.tooManyAliases), lifetime: .zero)
        case .unusable(let failure):
            unusable.insert(attempt.server)
            return ask(after: failure, at: now)
        }
    }

    /// The next try; or the end, for the given reason, when there is none left.
    private mutating func ask(after failure: LookupFailure, at now: Duration) -> [Action] {
        while tries < servers * limits.rounds {
            let server = (firstServer + tries) % servers
            tries += 1
            guard unusable.contains(server) else { return send(.udp, to: server, at: now, insteadOf: failure) }
        }
        return finish(.failed(failure), lifetime: .zero)
    }

    private mutating func send(
        _ transport: Transport, to server: Int, at now: Duration, insteadOf failure: LookupFailure
    ) -> [Action] {
        guard sent < limits.queries, now < deadline else { return finish(.failed(failure), lifetime: .zero) }
        sent += 1
        let attempt = Attempt(
            number: sent, server: server, transport: transport,
            question: DNSQuestion(aliases.last, question.type))
        state = .asking(attempt)
        return [.ask(attempt), .setTimeout(attempt: sent, after: min(limits.tryTimeout, deadline - now))]
    }

    private mutating func finish(_ content: Answer.Content, lifetime: Duration) -> [Action] {
        state = .finished
        return [.finished(Answer(to: question, content, canonicalName: aliases.last, lifetime: lifetime))]
    }
}

extension Lookup.Event {
    var attempt: Int {
        switch self {
        case .answered(_, let attempt), .timedOut(let attempt), .failed(_, let attempt): attempt
        }
    }
}
