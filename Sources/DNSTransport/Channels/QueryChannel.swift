internal import NameResolution

/// The way to one server: it carries inquiries there and brings back what matches them.
///
/// It belongs to one loop. It keeps no time for single inquiries: whoever asks does, and cancels.
protocol QueryChannel: AnyObject {
    /// Sends an inquiry.
    ///
    /// - Parameter completion: Called on the loop at most once, never before this returns, not after the handle was
    ///   cancelled or the channel shut down, and never with ``AttemptOutcome/timedOut``.
    func ask(_ inquiry: Inquiry, completion: @escaping (AttemptOutcome) -> Void) -> any QueryHandle

    /// Closes what is open; no completion is called any more.
    func shutDown()
}

/// One inquiry under way.
protocol QueryHandle: AnyObject {
    /// Nobody waits for the answer any more.
    func cancel()

    /// The time for the answer has passed: as ``cancel()``, and the channel may draw its conclusions.
    func timedOut()
}

extension QueryHandle {
    func timedOut() { cancel() }
}
