import Glibc

@testable import EventLoops

extension EventLoop {
    /// Turns until `condition` holds; false when it does not within 20 seconds, which only a failure takes.
    func turns(until condition: () -> Bool) -> Bool {
        let limit = LoopTime.current + .seconds(20)
        while LoopTime.current < limit {
            if run(condition) { return true }
            sched_yield()
        }
        return false
    }
}
