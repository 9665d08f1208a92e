internal import EventLoops
internal import Glibc

/// What this process has used so far.
struct ProcessCost {
    let processor: Double
    let wall: Double
    let resident: Int

    static var current: ProcessCost {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return ProcessCost(
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wall: Double(LoopTime.current.nanoseconds) / 1e9,
            resident: ProcessUsage(group: getpgrp()).residentBytes)
    }
}
