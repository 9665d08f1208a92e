internal import DNSMessages

/// How the servers have fared, so that nobody waits again for one that is down (DT-04).
struct ServerMemory: Sendable {
    private struct Record: Sendable {
        var state: ServerState
        var failuresInARow = 0
        var postponementsInARow = 0
        var unprovenUntil: Duration?
        var suspectUntil: Duration?
        var quietUntil: Duration?
    }

    /// An encrypted server that fails is asked after all others for so long (RFC 7858 §3.1: about an hour).
    static let postponement = Duration.seconds(3600)
    /// One that is known by its key is tried again sooner.
    static let pinnedPostponement = Duration.seconds(600)
    /// Silence may be due to what was asked, which anybody could make us ask: it counts for so long at first, then twice
    /// as long each time. In clear there is no connection that could fail, and nothing else counts.
    static let silencePostponement = Duration.seconds(60)
    /// Failures in a row after which a server is postponed.
    static let patience = 3
    /// How long an opportunistic server that did not prove who it is is asked without.
    static let unprovenLifetime = Duration.seconds(300)
    /// How long a server whose answer was bogus stands behind the others.
    static let suspicion = Duration.seconds(30)
    /// An authentication that fails at each question is reported once in this time.
    static let reportInterval = Duration.seconds(60)

    private var servers: [UpstreamServer]
    private var records: [Record]

    init(of servers: [UpstreamServer]) {
        self.servers = servers
        records = servers.map { Record(state: ServerState(of: $0)) }
    }

    var states: [ServerState] { records.map(\.state) }

    /// Takes on other servers; of those that stay it keeps what it knows.
    mutating func replace(with servers: [UpstreamServer]) {
        var known = Dictionary(zip(self.servers, records)) { first, _ in first }
        self.servers = servers
        records = servers.map { known.removeValue(forKey: $0) ?? Record(state: ServerState(of: $0)) }
    }

    /// The lower, the sooner a server has its turn: 0 in its place, 1 suspect, 2 or 3 postponed.
    func rank(of server: Int, at now: Duration) -> Int {
        guard records.indices.contains(server) else { return 0 }
        let record = records[server]
        return (Self.isAhead(record.suspectUntil, of: now) ? 1 : 0)
            + (Self.isAhead(record.state.postponedUntil, of: now) ? 2 : 0)
    }

    /// Whether a server is known not to prove who it is, so that it is not asked to.
    func hasFailedToProve(_ server: Int, at now: Duration) -> Bool {
        records.indices.contains(server) && Self.isAhead(records[server].unprovenUntil, of: now)
    }

    /// Puts a server behind the others for a while, whose answer was not genuine: its keys may be no better.
    mutating func suspect(_ server: Int, at now: Duration) {
        guard records.indices.contains(server) else { return }
        records[server].suspectUntil = now + Self.suspicion
    }

    /// Takes note of what the proof of a server's answer came to.
    mutating func note(_ status: SecurityStatus, of server: Int) {
        guard records.indices.contains(server) else { return }
        records[server].state.lastSecurity = status
    }

    /// Takes note of what came of an attempt.
    ///
    /// - Returns: What the operator ought to know.
    mutating func note(_ outcome: AttemptOutcome, of server: Int, at now: Duration) -> [ResolverReport] {
        guard records.indices.contains(server) else { return [] }
        records[server].state.lastUsed = now
        switch outcome {
        case .answered(_, let isAuthenticated, _):
            return noteAnswer(of: server, isAuthenticated: isAuthenticated, at: now)
        case .timedOut:
            records[server].state.lastOutcome = .timedOut
            return noteFailure(of: server, reason: "no answer in time", isSilence: true, at: now)
        case .failed(let failure):
            records[server].state.lastOutcome = .failed(failure)
            switch failure {
            case .unreachable, .encryptionFailed:
                return noteFailure(of: server, reason: failure.description, isSilence: false, at: now)
            case .notAuthenticated(let reason):
                return noteUnproven(server, reason: reason, at: now)
                    + noteFailure(of: server, reason: failure.description, isSilence: false, at: now)
            case .malformed, .refusedByHTTP, .wrongMediaType:
                // It is there; it is of no use for this question.
                records[server].state.failures += 1
                return []
            }
        }
    }

    private mutating func noteAnswer(of server: Int, isAuthenticated: Bool, at now: Duration) -> [ResolverReport] {
        var reports: [ResolverReport] = []
        if servers[server].isEncrypted, !isAuthenticated, records[server].state.isAuthenticated != false {
            reports.append(.unauthenticated(server: server))
        }
        records[server].state.answers += 1
        records[server].state.lastOutcome = .answered
        records[server].state.isAuthenticated = isAuthenticated
        records[server].failuresInARow = 0
        records[server].postponementsInARow = 0
        if isAuthenticated { records[server].unprovenUntil = nil }
        // Without authentication it stays behind servers that prove who they are, as long as it would have.
        if records[server].state.postponedUntil != nil, isAuthenticated || !servers[server].isEncrypted {
            records[server].state.postponedUntil = nil
            reports.append(.recovered(server: server))
        }
        return reports
    }

    private mutating func noteUnproven(_ server: Int, reason: String, at now: Duration) -> [ResolverReport] {
        records[server].unprovenUntil = now + Self.unprovenLifetime
        guard !Self.isAhead(records[server].quietUntil, of: now) else { return [] }
        records[server].quietUntil = now + Self.reportInterval
        return [.authenticationFailed(server: server, reason: reason)]
    }

    private mutating func noteFailure(
        of server: Int, reason: String, isSilence: Bool, at now: Duration
    ) -> [ResolverReport] {
        records[server].state.failures += 1
        records[server].failuresInARow += 1
        guard records[server].failuresInARow >= Self.patience,
            !Self.isAhead(records[server].state.postponedUntil, of: now)
        else { return [] }
        let longest = servers[server].isPinned ? Self.pinnedPostponement : Self.postponement
        let doublings = min(records[server].postponementsInARow, 6)
        let isBrief = isSilence || !servers[server].isEncrypted
        let time = isBrief ? min(longest, Self.silencePostponement * (1 << doublings)) : longest
        records[server].postponementsInARow += 1
        records[server].state.postponedUntil = now + time
        return [.postponed(server: server, reason: reason, for: time)]
    }

    private static func isAhead(_ moment: Duration?, of now: Duration) -> Bool {
        moment.map { $0 > now } ?? false
    }
}
