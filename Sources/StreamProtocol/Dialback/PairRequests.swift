internal import DomainAssociation
internal import XMPPModel

/// The pairs that we have asked the peer to take stanzas of, and that it has not answered: nothing else makes an answer count
/// (DB-09).
struct PairRequests: Sendable {
    private struct Request: Sendable {
        var progress: Progress
        /// What proves a target that the stream was not opened for; nil where the stream's own proof serves.
        var proven: ProvenDomain?
    }

    /// A pair that is given up, and why.
    typealias Late = (pair: DomainPair, failure: PairFailure)

    private enum Progress: Sendable {
        /// The stream is not established.
        case held
        /// It is being decided whether the peer speaks for the target (PS-02).
        case proving
        /// Others are before it, since this tick.
        case waiting(Int)
        /// The peer has it since this tick.
        case sent(Int)
    }

    /// How many turns that are over may stand before the line, whatever its length.
    static let keptTurns = 64

    private var requests: [DomainPair: Request] = [:]
    private var held: [DomainPair] = []
    private var line: [DomainPair] = []
    private var lineStart = 0
    private var sentCount = 0

    /// Whether nothing waits for a proof or the peer.
    var isEmpty: Bool { requests.count == held.count }
    /// How many pairs wait for anything.
    var count: Int { requests.count }
    /// The pairs that are asked for, in no order.
    var pairs: [DomainPair] { Array(requests.keys) }

    /// How many places the line takes, those included whose turn is over.
    var placesInLine: Int { line.count }

    func contains(_ pair: DomainPair) -> Bool { requests[pair] != nil }

    /// A pair waits until the stream is established.
    mutating func hold(_ pair: DomainPair) {
        requests[pair] = Request(progress: .held)
        held.append(pair)
    }

    /// Ends the wait of the pairs that were held, and says which they are.
    mutating func takeHeld() -> [DomainPair] {
        let pairs = held
        held = []
        for pair in pairs { requests[pair] = nil }
        return pairs
    }

    /// A pair waits until its target is proved.
    mutating func awaitProof(_ pair: DomainPair) { requests[pair] = Request(progress: .proving) }

    /// Whether the pair waits for a proof.
    func awaitsProof(_ pair: DomainPair) -> Bool {
        if case .proving? = requests[pair]?.progress { true } else { false }
    }

    /// The pair is to be asked for in its turn.
    mutating func line(up pair: DomainPair, with proven: ProvenDomain? = nil, at tick: Int) {
        requests[pair] = Request(progress: .waiting(tick), proven: proven)
        line.append(pair)
    }

    /// The pairs whose turn it is, as many as may wait at once.
    mutating func takeTurns(limit: Int, at tick: Int) -> [DomainPair] {
        var turns: [DomainPair] = []
        while sentCount < limit, lineStart < line.count {
            let pair = line[lineStart]
            lineStart += 1
            guard case .waiting? = requests[pair]?.progress else { continue }
            requests[pair]?.progress = .sent(tick)
            sentCount += 1
            turns.append(pair)
        }
        if lineStart == line.count {
            line = []
            lineStart = 0
        } else if lineStart > Self.keptTurns, lineStart > line.count / 2 {
            // A peer may keep somebody in line for as long as the stream lives.
            line.removeFirst(lineStart)
            lineStart = 0
        }
        return turns
    }

    /// The peer answered: nil when it was not asked.
    ///
    /// - Returns: The pair as it was wanted, whose names others hold too, and what proves its target.
    mutating func take(answered pair: DomainPair) -> (pair: DomainPair, proven: ProvenDomain?)? {
        guard let index = requests.index(forKey: pair), case .sent = requests[index].value.progress else { return nil }
        let (wanted, request) = requests.remove(at: index)
        sentCount -= 1
        // Thousands may have waited at once, and their room is not given back by itself.
        if requests.isEmpty { requests = [:] }
        return (wanted, request.proven)
    }

    /// Gives a pair up that is waiting for its proof.
    mutating func remove(unproven pair: DomainPair) {
        if awaitsProof(pair) { requests[pair] = nil }
    }

    /// Gives up what the peer has not answered in time, and those for whom it had none, and says what it was and why.
    ///
    /// - Parameters:
    ///   - ticks: The time for an answer.
    ///   - patience: How long a pair may be in line.
    mutating func expire(at tick: Int, after ticks: Int, inLine patience: Int) -> [Late] {
        var late: [Late] = []
        for (pair, request) in requests {
            switch request.progress {
            case .sent(let since) where tick - since >= ticks:
                late.append((pair, .timedOut))
                sentCount -= 1
            case .waiting(let since) where tick - since >= patience: late.append((pair, .hadNoTurn))
            case .held, .proving, .waiting, .sent: break
            }
        }
        for (pair, _) in late { requests[pair] = nil }
        return late.sorted { $0.pair.description < $1.pair.description }
    }

    /// Gives everything up, and says which of it the peer had been asked for.
    mutating func removeAll() -> [(pair: DomainPair, wasAsked: Bool)] {
        let all = requests.map { pair, request in
            if case .sent = request.progress { (pair: pair, wasAsked: true) } else { (pair: pair, wasAsked: false) }
        }
        self = PairRequests()
        return all.sorted { $0.pair.description < $1.pair.description }
    }
}
