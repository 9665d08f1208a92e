internal import Dispatch
internal import EventLoops
internal import Synchronization
internal import TestSupport

/// An operator who asks all the time while others work: how long an answer takes then.
final class OperatorMeter: Sendable {
    private let slowest = Mutex<[String: Double]>([:])
    private let isOver = Atomic(false)
    private let hasStopped = DispatchSemaphore(value: 0)

    /// Asks for `status`, and for the associations of a tenant, once a second.
    init(_ config: String, tenant: String) {
        DispatchQueue(label: "operator").async { [self] in
            while !isOver.load(ordering: .relaxed) {
                ask("status", ["status"], config)
                ask("associations DOMAIN", ["associations", tenant], config)
                _ = eventually(within: .seconds(1), every: .milliseconds(50)) { isOver.load(ordering: .relaxed) }
            }
            hasStopped.signal()
        }
    }

    private func ask(_ question: String, _ arguments: [String], _ config: String) {
        let start = LoopTime.current
        guard let program = try? "\(Program.directoryOfThisProgram())/ligasectl",
            (try? Program.run(program, ["--config", config] + arguments, within: .seconds(300))) != nil
        else { return Bench.note("no answer to \(question)") }
        let seconds = (LoopTime.current - start).inSeconds
        slowest.withLock { $0[question] = max($0[question] ?? 0, seconds) }
    }

    /// The longest that each question took, seconds; asks no more.
    func stop() -> [(question: String, seconds: Double)] {
        isOver.store(true, ordering: .relaxed)
        hasStopped.wait()
        return slowest.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }
}
