internal import Glibc

/// Waits until a condition holds, looking again and again, and says whether it did in time.
///
/// For conditions that nothing announces; where something does (a socket, a child's end), wait for that.
///
/// - Parameter interval: How long it waits before it looks again; below a second.
public func eventually<Failure: Error>(
    within limit: Duration, every interval: Duration = .milliseconds(10), _ condition: () throws(Failure) -> Bool
) throws(Failure) -> Bool {
    let deadline = Deadline.after(limit)
    var pause = timespec(tv_sec: 0, tv_nsec: Int(interval.components.attoseconds / 1_000_000_000))
    while true {
        if try condition() { return true }
        if deadline.hasPassed { return false }
        nanosleep(&pause, nil)
    }
}
