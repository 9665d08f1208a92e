internal import Dispatch
internal import Synchronization

/// A synchronous program that has to wait for what is not.
enum Blocking {
    private final class Outcome<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    /// Waits for the end of a task.
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                let value = try await body()
                outcome.result.withLock { $0 = .success(value) }
            } catch {
                outcome.result.withLock { $0 = .failure(error) }
            }
            isOver.signal()
        }
        isOver.wait()
        guard let result = outcome.result.withLock({ $0 }) else { throw BenchmarkFailure("nothing came of a task") }
        return try result.get()
    }
}
