/// A deadline on a loop; made by ``EventLoop/schedule(after:_:)`` or ``EventLoop/scheduleSoon(after:_:)`` and, like
/// everything on a loop, used there only.
///
/// The loop keeps an armed timer alive. The body stays until the loop stops, so that ``rearm(after:)`` works after the
/// timer has fired or was cancelled; it should hold its owner weakly.
public final class LoopTimer {
    enum Place {
        case nowhere
        case wheel(slot: Int, index: Int)
        case heap(index: Int)
        case due
    }

    private let loop: EventLoop
    let isPrecise: Bool
    var body: (() -> Void)?
    var place = Place.nowhere
    /// When to fire. A later deadline does not move the timer: the wheel looks again when its slot comes round.
    var deadline: LoopTime
    /// Orders equal deadlines by the time they were armed.
    var sequence: UInt64 = 0

    init(loop: EventLoop, isPrecise: Bool, body: @escaping () -> Void) {
        self.loop = loop
        self.isPrecise = isPrecise
        self.body = body
        deadline = .distantFuture
    }

    /// Whether the timer is going to fire.
    public var isArmed: Bool {
        if case .nowhere = place { false } else { true }
    }

    /// Fires `duration` from now instead of whenever it would have; constant time on the wheel.
    public func rearm(after duration: Duration) {
        loop.arm(self, after: duration)
    }

    /// The timer does not fire unless armed again; harmless when it is not armed.
    public func cancel() {
        loop.disarm(self)
    }

    func precedes(_ other: LoopTimer) -> Bool {
        deadline == other.deadline ? sequence < other.sequence : deadline < other.deadline
    }
}
