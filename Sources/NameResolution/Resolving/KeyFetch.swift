internal import DNSMessages

/// The way to a DS or DNSKEY set that a proof needs: the response as a server gave it, no alias followed.
struct KeyFetch: Sendable {
    enum Step: Sendable {
        case ask(Retrieval.Query, Retrieval)
        case finished(Result<DNSResponse, LookupFailure>, server: Int?)
    }

    let question: DNSQuestion
    private var retrieval: Retrieval
    private let servers: [UpstreamServer]

    /// - Parameter avoided: Servers whose response did not hold a moment ago.
    init(_ question: DNSQuestion, avoiding avoided: Set<Int>, in context: LookupContext, at now: Duration) {
        self.question = question
        servers = context.plan.servers
        retrieval = context.retrieval(
            of: question, avoiding: avoided, deadline: now + context.limits.overall, at: now)
    }

    mutating func begin(at now: Duration) -> Step {
        let step = retrieval.begin(among: servers, at: now)
        return take(step, at: now)
    }

    mutating func handle(_ outcome: AttemptOutcome, at now: Duration) -> Step? {
        guard let step = retrieval.handle(outcome, among: servers, at: now) else { return nil }
        return take(step, at: now)
    }

    private mutating func take(_ step: Retrieval.Step, at now: Duration) -> Step {
        var step = step
        while true {
            switch step {
            case .ask(let query):
                return .ask(query, retrieval)
            case .failed(let failure):
                return .finished(.failure(failure), server: nil)
            case .received(let reception):
                guard let failure = Self.failure(of: reception.response) else {
                    return .finished(.success(reception.response), server: reception.server)
                }
                step = retrieval.reject(reception.server, as: failure, among: servers, at: now)
            }
        }
    }

    private static func failure(of response: DNSResponse) -> LookupFailure? {
        response.code == .noError || response.code == .nameError ? nil : .serverAnswered(response.code)
    }
}
