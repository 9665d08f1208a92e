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

    private struct State {
        var entries: [DomainName: Entry] = [:]
        /// The other way round: thousands of connections may end at once.
        var domains: [StreamID: [DomainName]] = [:]
    }

    private let state = Mutex(State())

    func entry(for domain: DomainName) -> Entry? { state.withLock { $0.entries[domain] } }

    func isConnected(_ domain: DomainName) -> Bool { entry(for: domain) != nil }

    /// The domains that are connected.
    var connected: Set<DomainName> { Set(state.withLock { $0.entries }.keys) }

    /// False when another connection was faster.
    func claim(_ domain: DomainName, by entry: Entry) -> Bool {
        state.withLock { state in
            if let holder = state.entries[domain] { return holder.id == entry.id }
            state.entries[domain] = entry
            state.domains[entry.id, default: []].append(domain)
            return true
        }
    }

    func release(_ id: StreamID) {
        state.withLock { state in
            for domain in state.domains.removeValue(forKey: id) ?? [] { state.entries[domain] = nil }
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
