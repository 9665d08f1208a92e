/// Whose turn it is to be asked one question (RFC 8310 §5, DP-01 to DP-03).
///
/// A round first goes through the servers that stand before the first strict one: with authentication, then without it
/// those that failed in nothing else, then in clear. The strict ones follow. Once one of these was asked no weaker one
/// is, in this round or a later: who blocks them gains nothing.
struct ServerTurns: Sendable {
    struct Turn: Hashable, Sendable {
        let server: Int
        let requiresAuthentication: Bool
    }

    private enum Stage: Sendable {
        /// A server that proves who it is, or is on this host.
        case proven
        /// An encrypted server that did not prove who it is.
        case unproven
        /// A server in clear.
        case open
        /// A server that proves who it is or is not asked, or is on this host.
        case strict
    }

    private let round: [(stage: Stage, turn: Turn)]
    private let rounds: Int
    private var position = 0
    private var unusable: Set<Int> = []
    private var unproven: Set<Int>
    private var hasAskedStrict = false

    /// - Parameters:
    ///   - zone: Whose servers may be asked.
    ///   - servers: All servers of the plan.
    ///   - memory: What is known of them; it changes the order within a stage.
    ///   - rounds: How often the list is gone through.
    ///   - preferred: A server that goes before its equals.
    ///   - avoided: Servers that go behind their equals.
    init(
        for zone: ResolutionZone, among servers: [UpstreamServer], memory: ServerMemory, rounds: Int,
        preferring preferred: Int? = nil, avoiding avoided: Set<Int> = [], at now: Duration
    ) {
        let known = zone.servers.filter { servers.indices.contains($0) }
        let firstStrict =
            known.firstIndex { servers[$0].isEncrypted && servers[$0].profile == .strict } ?? known.endIndex
        let rank = { (server: Int) in
            memory.rank(of: server, at: now) * 4 + (avoided.contains(server) ? 2 : 0) + (server == preferred ? 0 : 1)
        }
        let stage = { (stage: Stage, members: [Int]) in
            members.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
                .map { _, server in
                    let mustProve = stage != .unproven && servers[server].isEncrypted
                    return (stage: stage, turn: Turn(server: server, requiresAuthentication: mustProve))
                }
        }
        let weak = known[..<firstStrict]
        let encrypted = weak.filter { servers[$0].isEncrypted }
        round =
            stage(.proven, weak.filter { servers[$0].isEncrypted || servers[$0].isLoopback })
            + stage(.unproven, encrypted)
            + stage(.open, weak.filter { !servers[$0].isEncrypted && !servers[$0].isLoopback })
            + stage(.strict, known[firstStrict...].filter { servers[$0].isConfidential })
        self.rounds = rounds
        unproven = Set(encrypted.filter { memory.hasFailedToProve($0, at: now) })
    }

    /// Whether every server has had its turn.
    var isRepetition: Bool { position > round.count }

    /// The next turn; nil when there is none left.
    mutating func next() -> Turn? {
        while position < round.count * rounds {
            let (stage, turn) = round[position % round.count]
            position += 1
            guard !unusable.contains(turn.server) else { continue }
            switch stage {
            case .proven where unproven.contains(turn.server) || hasAskedStrict: continue
            case .unproven where !unproven.contains(turn.server) || hasAskedStrict: continue
            case .open where hasAskedStrict: continue
            case .strict: hasAskedStrict = true
            case .proven, .unproven, .open: break
            }
            return turn
        }
        return nil
    }

    /// Leaves a server out from now on: asking it again would not help.
    mutating func exclude(_ server: Int) {
        unusable.insert(server)
    }

    /// Takes note that a server did not prove who it is; if its profile allows it, it will be asked without.
    mutating func excludeUnproven(_ turn: Turn) {
        let mayGoOn = round.contains { $0.stage == .unproven && $0.turn.server == turn.server }
        if mayGoOn, turn.requiresAuthentication {
            unproven.insert(turn.server)
        } else {
            unusable.insert(turn.server)
        }
    }
}
