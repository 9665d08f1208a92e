internal import Dispatch
internal import Glibc
internal import Synchronization

/// Gives each script a thread of its own: threads of Dispatch that block would be missing where the loops need them.
private final class ScriptExecutor: TaskExecutor {
    static let shared = ScriptExecutor()

    private final class Work {
        let job: UnownedJob
        init(_ job: UnownedJob) { self.job = job }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let work = Unmanaged.passRetained(Work(UnownedJob(job)))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                work.job.runSynchronously(on: ScriptExecutor.shared.asUnownedTaskExecutor())
                return nil
            }, work.toOpaque())
        precondition(result == 0, "no thread for a script")
        pthread_detach(thread)
    }
}

/// Runs a test's script, which may block, on a thread of its own.
///
/// So many run at once: hundreds of daemons that start at the same moment would make each other late. What a test's time
/// limit allows has to include the wait for a turn.
public func script(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withTaskExecutorPreference(ScriptExecutor.shared) {
        turns.wait()
        defer { turns.signal() }
        try body()
    }
}

private let turns = DispatchSemaphore(value: 48)

/// Waits, inside a script, for what only a task can ask.
public func wait<Answer: Sendable>(_ body: @escaping @Sendable () async -> Answer) -> Answer? {
    let answer = AnswerBox<Answer>()
    let arrived = DispatchSemaphore(value: 0)
    Task {
        let value = await body()
        answer.value.withLock { $0 = value }
        arrived.signal()
    }
    arrived.wait()
    return answer.value.withLock { $0 }
}

private final class AnswerBox<Answer: Sendable>: Sendable {
    let value = Mutex<Answer?>(nil)
}
