internal import Synchronization
internal import XMPPModel

/// What has more to carry than it can, on whichever loop; who produces stanzas waits while there is something new here.
final class CongestionBoard: Sendable {
    /// Something that is congested.
    enum Place: Hashable, Sendable {
        /// A stream whose peer reads too slowly.
        case stream(StreamID)
        /// A loop that has been handed more stanzas than it has routed.
        case loop(Int)
    }

    private struct State {
        var congested: Set<Place> = []
        /// Those that have lasted too long to hold anybody up.
        var ignored: Set<Place> = []

        var isHolding: Bool { !congested.isSubset(of: ignored) }
    }

    private let state = Mutex(State())
    private let holding = Atomic<Bool>(false)

    /// Whether producers should wait.
    var isHolding: Bool { holding.load(ordering: .acquiring) }

    func add(_ place: Place) {
        state.withLock { state in
            state.congested.insert(place)
            holding.store(state.isHolding, ordering: .releasing)
        }
    }

    /// True when nobody needs to wait any more, and that is new.
    func remove(_ place: Place) -> Bool {
        state.withLock { state in
            guard state.congested.remove(place) != nil else { return false }
            let wasHolding = holding.load(ordering: .relaxed)
            state.ignored.remove(place)
            holding.store(state.isHolding, ordering: .releasing)
            return wasHolding && !state.isHolding
        }
    }

    /// What is congested now holds up nobody any more, until it has drained and is congested again.
    func ignoreAll() {
        state.withLock { state in
            state.ignored = state.congested
            holding.store(false, ordering: .releasing)
        }
    }
}
