internal import Synchronization
internal import XMPPModel

/// Which connection serves which hosted domain, on whichever loop; asked once for a batch.
final class BackendDirectory: Sendable {
    /// One connection that serves a domain.
    struct Entry: Sendable {
        /// The connection.
        var id: StreamID
        /// The index of its loop.
        var loop: Int
        /// Whether it can take more.
        var gate: BackpressureGate
    }

    private let entries = Mutex<[DomainName: Entry]>([:])

    func entry(for domain: DomainName) -> Entry? { entries.withLock { $0[domain] } }

    func isConnected(_ domain: DomainName) -> Bool { entry(for: domain) != nil }

    /// The domains that are connected.
    var connected: Set<DomainName> { entries.withLock { Set($0.keys) } }

    /// False when another connection was faster.
    func claim(_ domain: DomainName, by entry: Entry) -> Bool {
        entries.withLock { entries in
            if let holder = entries[domain] { return holder.id == entry.id }
            entries[domain] = entry
            return true
        }
    }

    func release(_ id: StreamID) {
        entries.withLock { entries in
            entries = entries.filter { $0.value.id != id }
        }
    }
}

/// The streams that wait until one consumer can take more.
final class BackpressureGate: Sendable {
    /// A stream that reads no more until the consumer has drained.
    struct Waiter: Hashable, Sendable {
        var stream: StreamID
        var loop: Int
    }

    private struct State {
        var isFull = false
        var waiters: Set<Waiter> = []
    }

    private let state = Mutex(State())

    /// Adds a waiter if the consumer is full; false when it is not.
    func wait(_ waiter: Waiter) -> Bool {
        state.withLock { state in
            guard state.isFull else { return false }
            state.waiters.insert(waiter)
            return true
        }
    }

    func becameFull() { state.withLock { $0.isFull = true } }

    /// The waiters, who may go on.
    func drained() -> Set<Waiter> {
        state.withLock { state in
            state.isFull = false
            defer { state.waiters = [] }
            return state.waiters
        }
    }
}
