internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import Routing
internal import StreamProtocol
internal import Synchronization
internal import XMPPModel

/// Counts what becomes of pairs, and how long stanzas are on their way there and back.
final class PairMeter: Sendable {
    private struct State {
        var established = 0
        var returned = 0
        var failed = 0
        var reason = ""
        var accepted = 0
        var initiated = 0
        var sentAt: LoopTime?
        var slowest = Duration.zero
        var echoes = 0
    }

    private let state = Mutex(State())

    /// Takes a fact of the service.
    func note(_ fact: FederationFact) {
        state.withLock { state in
            switch fact {
            case .established(_, let association): if !association.isIncoming { state.established += 1 }
            case .connected(_, let role, _, _):
                if role == .initiating { state.initiated += 1 } else { state.accepted += 1 }
            case .attemptFailed(_, let failure):
                state.failed += 1
                state.reason = failure.explanation
            case .routed(let report):
                guard case .bounced(let count, _, let error) = report else { break }
                state.returned += count
                state.reason = error.text ?? error.condition.rawValue
            case .received:
                guard let sentAt = state.sentAt else { break }
                state.slowest = max(state.slowest, LoopTime.current - sentAt)
                state.sentAt = nil
                state.echoes += 1
            case .resolving, .resolved, .dialling, .secured, .tlsFailed, .proofConcluded, .pairAsked, .keyAnswered,
                .sent,
                .reported, .ended:
                break
            }
        }
    }

    var established: Int { state.withLock { $0.established } }
    var failures: (count: Int, returned: Int, reason: String) {
        state.withLock { ($0.failed, $0.returned, $0.reason) }
    }
    var connections: (initiated: Int, accepted: Int) { state.withLock { ($0.initiated, $0.accepted) } }

    /// Notes that a stanza of the steady traffic leaves now; false, and nothing noted, while the last one is on its way.
    func begin() -> Bool {
        state.withLock { state in
            guard state.sentAt == nil else { return false }
            state.sentAt = LoopTime.current
            return true
        }
    }

    /// The longest way there and back since the last call in seconds, one under way included, and how many there were.
    func takeEchoes() -> (slowest: Double, count: Int) {
        state.withLock { state in
            var slowest = state.slowest
            if let sentAt = state.sentAt { slowest = max(slowest, LoopTime.current - sentAt) }
            defer { (state.slowest, state.echoes) = (.zero, 0) }
            return (slowest.inSeconds, state.echoes)
        }
    }
}
