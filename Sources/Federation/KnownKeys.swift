public import DomainAssociation
internal import Synchronization
public import XMPPModel

/// The keys that remote domains were proved with, shared by all loops and by whoever keeps them on disk.
public final class KnownKeys: Sendable {
    private struct State {
        var memory: KeyMemory
        /// What has changed since ``KnownKeys/takeChanges()``.
        var isChanged = false
    }

    private let state: Mutex<State>
    private let changed: @Sendable () -> Void

    /// Begins with what was kept.
    ///
    /// - Parameter changed: Called when there is something new to keep, on any thread; to return at once. Not again before
    ///   ``takeChanges()``.
    public init(_ memory: KeyMemory = KeyMemory(), changed: @escaping @Sendable () -> Void = {}) {
        state = Mutex(State(memory: memory))
        self.changed = changed
    }

    /// The keys that a domain was proved with.
    public func keys(of domain: DomainName) -> [KnownKey] { state.withLock { $0.memory.keys(of: domain) } }

    /// Every domain with its keys, or one.
    public func all(of domain: DomainName?) -> [(domain: DomainName, keys: [KnownKey])] {
        let memory = state.withLock { $0.memory }
        return (domain.map { [$0] } ?? memory.domains).map { ($0, memory.keys(of: $0)) }.filter { !$0.keys.isEmpty }
    }

    /// Remembers the key that an association was made with.
    func remember(_ association: Association) -> KeyMemory.Outcome {
        change { $0.remember(association) }
    }

    /// Forgets a domain: the key that it comes with next is believed.
    ///
    /// - Returns: What was known.
    public func forget(_ domain: DomainName) -> [KnownKey] { change { $0.forget(domain) } }

    /// What is to be kept; nil when nothing has changed since the last time.
    public func takeChanges() -> KeyMemory? {
        state.withLock { state in
            guard state.isChanged else { return nil }
            state.isChanged = false
            return state.memory
        }
    }

    /// What was taken could not be kept after all.
    public func putChangesBack() { state.withLock { $0.isChanged = true } }

    private func change<Outcome>(_ body: (inout KeyMemory) -> Outcome) -> Outcome {
        let (outcome, isNews) = state.withLock { state in
            let revision = state.memory.revision
            let outcome = body(&state.memory)
            let isNews = !state.isChanged && state.memory.revision != revision
            state.isChanged = state.isChanged || isNews
            return (outcome, isNews)
        }
        if isNews { changed() }
        return outcome
    }
}
