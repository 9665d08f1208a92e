internal import EventLoops
internal import NameResolution

/// An inquiry that travels on a kept connection.
final class StreamQuery {
    let inquiry: Inquiry
    private var completion: ((AttemptOutcome) -> Void)?
    /// The connection that it is on, or waits for.
    weak var connection: ServerConnection?
    /// Its identifier there, once it was sent.
    var identifier: UInt16?
    /// When it was sent.
    var sent: LoopTime?
    /// Whether a connection broke under it before: a second one is enough.
    var wasRepeated = false

    init(_ inquiry: Inquiry, completion: @escaping (AttemptOutcome) -> Void) {
        self.inquiry = inquiry
        self.completion = completion
    }

    /// Whether somebody waits for the answer.
    var isWanted: Bool { completion != nil }

    /// Gives the outcome to who waits, once.
    func finish(_ outcome: AttemptOutcome) {
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }
}

extension StreamQuery: QueryHandle {
    func cancel() {
        completion = nil
        connection?.forget(self)
        connection = nil
    }

    func timedOut() {
        completion = nil
        connection?.timedOut(self)
        connection = nil
    }
}
