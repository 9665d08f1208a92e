internal import Synchronization

/// Work handed to a loop by any thread: kept in order, and a burst of it asks for one wake-up.
final class Mailbox: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isWakePending = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Adds work; true when the caller must wake the loop.
    func post(_ work: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.work.append(work)
            defer { state.isWakePending = true }
            return !state.isWakePending
        }
    }

    /// Asks for a wake-up without work; true when the caller must wake the loop.
    func requestWake() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            defer { state.isWakePending = true }
            return !state.isWakePending
        }
    }

    /// The wake-up has come: the next post needs another.
    func wakeArrived() {
        state.withLock { $0.isWakePending = false }
    }

    /// Everything posted so far, in order.
    func takeAll() -> [@Sendable () -> Void] {
        state.withLock { state in
            guard !state.work.isEmpty else { return [] }
            let work = state.work
            state.work = []
            return work
        }
    }

    /// Drops what is left and refuses what comes.
    func close() {
        let dropped = state.withLock { state in
            state.isClosed = true
            let work = state.work
            state.work = []
            return work
        }
        // Released outside the lock: a capture's deinit may post again.
        _ = dropped
    }
}
