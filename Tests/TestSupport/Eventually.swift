internal import Glibc

/// Waits until a condition holds, looking every 10 milliseconds, and says whether it did in time.
///
/// For conditions that nothing announces; where something does (a socket, a child's end), wait for that.
public func eventually<Failure: Error>(
    within limit: Duration, _ condition: () throws(Failure) -> Bool
) throws(Failure) -> Bool {
    let deadline = Deadline.after(limit)
    while true {
        if try condition() { return true }
        if deadline.hasPassed { return false }
        usleep(10_000)
    }
}
