internal import EventLoops
internal import Federation
internal import Synchronization

/// The longest time that the loops of a service let others wait for a turn of each.
final class PauseMeter: Sendable {
    private let longest = Mutex(Duration.zero)
    private let isOver = Atomic(false)

    init(_ service: FederationService) {
        Task.detached(priority: .high) { [self] in
            while !isOver.load(ordering: .relaxed) {
                let start = LoopTime.current
                await service.waitForTurnOfEveryLoop()
                let pause = LoopTime.current - start
                longest.withLock { $0 = max($0, pause) }
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// The longest since the last call, seconds.
    func take() -> Double {
        longest.withLock { longest in
            defer { longest = .zero }
            return longest.inSeconds
        }
    }

    func stop() { isOver.store(true, ordering: .relaxed) }
}
