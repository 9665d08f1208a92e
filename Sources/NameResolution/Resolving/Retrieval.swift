internal import DNSMessages

/// One question put to the servers of its zone in turn, until one has a response to it; whether that is any use, its
/// owner says.
struct Retrieval: Sendable {
    /// A query to send.
    struct Query: Hashable, Sendable {
        let turn: ServerTurns.Turn
        let transport: AnswerSource.Transport
        let isRepetition: Bool
        let timeout: Duration
    }

    /// A response, and who gave it.
    struct Reception: Hashable, Sendable {
        let response: DNSResponse
        let server: Int
        let source: AnswerSource
    }

    enum Step: Sendable {
        case ask(Query)
        case received(Reception)
        case failed(LookupFailure)
    }

    let question: DNSQuestion
    let zone: ResolutionZone
    /// Queries that may still be sent (DO-06).
    private(set) var allowance: Int
    private var turns: ServerTurns
    private var current: Query?
    /// Who was asked last, over what: the one to look at when nobody answers.
    private(set) var lastAsked: AnswerSource?
    private let limits: LookupLimits
    private let deadline: Duration

    init(
        of question: DNSQuestion, in zone: ResolutionZone, turns: ServerTurns, allowance: Int, limits: LookupLimits,
        deadline: Duration
    ) {
        self.question = question
        self.zone = zone
        self.turns = turns
        self.allowance = allowance
        self.limits = limits
        self.deadline = deadline
    }

    mutating func begin(among servers: [UpstreamServer], at now: Duration) -> Step {
        let usable = zone.servers.contains { servers.indices.contains($0) }
        return next(after: usable ? .timedOut : .noServers, among: servers, at: now)
    }

    /// Takes note of what came of the query sent last; nil when none was.
    mutating func handle(_ outcome: AttemptOutcome, among servers: [UpstreamServer], at now: Duration) -> Step? {
        guard let query = current else { return nil }
        current = nil
        let server = query.turn.server
        lastAsked = AnswerSource(
            server: servers[server].name, transport: query.transport, isAuthenticated: false)
        switch outcome {
        case .timedOut:
            return next(after: .timedOut, among: servers, at: now)
        case .failed(.notAuthenticated(let reason)):
            turns.excludeUnproven(query.turn)
            return next(after: .notAuthenticated("\(servers[server].name): \(reason)"), among: servers, at: now)
        case .failed(let failure):
            turns.exclude(server)
            return next(after: failure.lookupFailure(of: servers[server].name), among: servers, at: now)
        case .answered(_, let isAuthenticated, _) where query.turn.requiresAuthentication && !isAuthenticated:
            // The transport must not have asked: whatever it says, it is not used.
            turns.excludeUnproven(query.turn)
            let reason = "\(servers[server].name): it was not asked to"
            return next(after: .notAuthenticated(reason), among: servers, at: now)
        case .answered(let response, _, _) where response.isTruncated:
            // Truncated on a connection makes no sense; the server is no use.
            guard query.transport == .udp else { return reject(server, as: .lameServer, among: servers, at: now) }
            return send(query.turn, over: .tcp, insteadOf: .timedOut, at: now)
        case .answered(let response, let isAuthenticated, let age):
            let source = AnswerSource(
                server: servers[server].name, transport: query.transport, isAuthenticated: isAuthenticated)
            lastAsked = source
            return .received(Reception(response: response.aged(by: age), server: server, source: source))
        }
    }

    /// Goes on without a server whose response was no use.
    mutating func reject(
        _ server: Int, as failure: LookupFailure, among servers: [UpstreamServer], at now: Duration
    ) -> Step {
        turns.exclude(server)
        return next(after: failure, among: servers, at: now)
    }

    private mutating func next(
        after failure: LookupFailure, among servers: [UpstreamServer], at now: Duration
    ) -> Step {
        guard let turn = turns.next() else { return .failed(failure) }
        let transport: AnswerSource.Transport =
            switch servers[turn.server].channel {
            case .cleartext: .udp
            case .tls: .tls
            case .https: .https
            }
        return send(turn, over: transport, insteadOf: failure, at: now)
    }

    private mutating func send(
        _ turn: ServerTurns.Turn, over transport: AnswerSource.Transport, insteadOf failure: LookupFailure,
        at now: Duration
    ) -> Step {
        guard allowance > 0, now < deadline else { return .failed(failure) }
        allowance -= 1
        let time = transport == .udp ? limits.tryTimeout : limits.connectionTimeout
        let query = Query(
            turn: turn, transport: transport, isRepetition: turns.isRepetition,
            timeout: min(time, deadline - now))
        current = query
        return .ask(query)
    }
}

extension DNSResponse {
    /// The response with the time that it lay in a cache taken from its records' lives (RFC 8484 §5.1).
    func aged(by age: Duration) -> DNSResponse {
        guard age > .zero else { return self }
        let seconds = UInt32(clamping: age.components.seconds + (age.components.attoseconds > 0 ? 1 : 0))
        return DNSResponse(
            to: DNSQuery(identifier: identifier, question: question ?? DNSQuestion(.root, .a)), code: code,
            isAuthoritative: isAuthoritative, isTruncated: isTruncated, offersRecursion: offersRecursion,
            isAuthenticated: isAuthenticated, answers: answers.map { $0.aged(by: seconds) },
            authorities: authorities.map { $0.aged(by: seconds) })
    }
}

extension DNSRecord {
    /// The record with so many seconds less to live; one that has none left may be used once.
    func aged(by seconds: UInt32) -> DNSRecord {
        let left = timeToLive > seconds ? timeToLive - seconds : 0
        guard case .other(let octets) = data else {
            return DNSRecord(owner: owner, timeToLive: left, data: data) ?? self
        }
        return DNSRecord(owner: owner, type: type, timeToLive: left, octets: octets)
    }
}
