public import Dispatch
internal import Glibc

/// One serial Dispatch queue with one Dispatch source, on the loop's own readiness set.
///
/// Sockets that listen, dial, read and write are members of that set; what lives on a loop is made there and used only
/// there. ``execute(_:)``, ``run(_:)``, ``isCurrent`` and ``stop()`` may be called from any thread, all else on the
/// loop. A loop lives until ``stop()``.
///
/// A turn runs what other threads handed over, then what is ready, then what is due, then ``afterTurn(_:)``, and writes
/// what was produced, once for each connection.
public final class EventLoop: Sendable {
    /// The name, which is also the queue's label.
    public let name: String
    /// The queue that is the loop's thread of control; the place for Dispatch sources of other libraries.
    public let queue: DispatchQueue

    private let mailbox = Mailbox()
    // Confined to `queue`: `state` is reached through `confined` alone, which asserts that, and Dispatch orders the
    // blocks of a serial queue.
    nonisolated(unsafe) private let state: LoopState

    /// Bounds how long other blocks on the queue wait; the set is level triggered, so Dispatch calls again.
    private static let roundsPerTurn = 8
    private static let afterTurnPasses = 4
    private static let current = DispatchSpecificKey<ObjectIdentifier>()

    /// A loop that runs at once.
    ///
    /// - Throws: ``SystemError`` when no descriptor is left for the readiness set.
    public init(name: String) throws(SystemError) {
        self.name = name
        queue = DispatchQueue(label: name)
        state = LoopState(try ReadinessSet())
        queue.setSpecific(key: Self.current, value: ObjectIdentifier(self))
        let number = state.readiness.descriptor
        let readiness = DispatchSource.makeReadSource(fileDescriptor: number, queue: queue)
        readiness.setEventHandler { self.turn() }
        readiness.setCancelHandler { close(number) }
        state.readinessSource = readiness
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler {
            self.confined.wakeTime = .distantFuture
            self.turn()
        }
        state.timerSource = timer
        timer.activate()
        readiness.activate()
    }

    // MARK: From any thread

    /// Whether the caller runs on this loop.
    public var isCurrent: Bool {
        DispatchQueue.getSpecific(key: Self.current) == ObjectIdentifier(self)
    }

    /// Traps in a debug build when the caller is not on this loop.
    @inline(__always)
    public func preconditionOnLoop() {
        assert(isCurrent, "not on the loop")
    }

    /// Runs `work` on the loop, after what was handed over before; a burst costs one wake-up. Dropped once the loop has
    /// stopped.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        if mailbox.post(work) { wake() }
    }

    /// Runs `body` on the loop and waits for it: for start, stop and tests. Runs at once when already on the loop; two
    /// loops that wait for each other wait for ever.
    public func run<Result: Sendable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if isCurrent { return try body() }
        let outcome: Swift.Result<Result, Failure> = queue.sync {
            // The body belongs to the turn that follows it.
            let state = confined
            state.now = .current
            state.isInTurn = true
            let outcome = Swift.Result { () throws(Failure) in try body() }
            state.isInTurn = false
            turn()
            return outcome
        }
        return try outcome.get()
    }

    /// Closes every descriptor of the loop, drops timers and work left over, and calls nobody; returns when that is done.
    public func stop() {
        if isCurrent { end() } else { queue.sync { end() } }
    }

    // MARK: On the loop

    /// The time at which the present round began.
    public var now: LoopTime { confined.now }

    /// How many descriptors the loop watches.
    public var watchedDescriptors: Int { confined.readiness.count }

    /// Runs `body` once, coarsely: up to 100 ms late, never early. For deadlines that are many, long and often moved.
    @discardableResult
    public func schedule(after duration: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer(loop: self, isPrecise: false, body: body)
        arm(timer, after: duration)
        return timer
    }

    /// Runs `body` once, within about a millisecond of the time: for delays too short for ``schedule(after:_:)``.
    @discardableResult
    public func scheduleSoon(after duration: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer(loop: self, isPrecise: true, body: body)
        arm(timer, after: duration)
        return timer
    }

    /// A timer that waits for ``LoopTimer/rearm(after:)``.
    public func timer(precise: Bool = false, _ body: @escaping () -> Void) -> LoopTimer {
        LoopTimer(loop: self, isPrecise: precise, body: body)
    }

    /// Runs `body` once at the end of this turn, before output leaves; what it writes leaves with it.
    public func afterTurn(_ body: @escaping () -> Void) {
        let state = confined
        guard !state.isStopped else { return }
        state.afterTurn.append(body)
        if !state.isInTurn { requestWake() }
    }

    // MARK: For the channels of this module

    var confined: LoopState {
        preconditionOnLoop()
        return state
    }

    func arm(_ timer: LoopTimer, after duration: Duration) {
        let state = confined
        guard !state.isStopped else { return }
        state.timerSequence += 1
        timer.sequence = state.timerSequence
        if case .due = timer.place { timer.place = .nowhere }
        // Outside a turn the cached time may be old.
        let now = state.isInTurn ? state.now : .current
        if timer.isPrecise {
            state.heap.arm(timer, at: now + duration)
        } else {
            state.wheel.arm(timer, at: now + duration, now: now)
        }
        if !state.isInTurn { armWakeTime() }
    }

    func disarm(_ timer: LoopTimer) {
        let state = confined
        switch timer.place {
        case .nowhere: break
        case .due: timer.place = .nowhere
        case .wheel: state.wheel.remove(timer)
        case .heap: state.heap.remove(timer)
        }
    }

    /// The connection is flushed once at the end of the turn.
    func hasOutput(_ connection: TCPConnection) {
        let state = confined
        state.channelsWithOutput.append(connection)
        if !state.isInTurn { requestWake() }
    }

    // MARK: The turn

    private func wake() {
        queue.async {
            self.mailbox.wakeArrived()
            self.turn()
        }
    }

    private func requestWake() {
        if mailbox.requestWake() { wake() }
    }

    private func turn() {
        let state = confined
        guard !state.isStopped, !state.isInTurn else { return }
        state.isInTurn = true
        state.turns += 1
        var rounds = 0
        while round(state), rounds < Self.roundsPerTurn { rounds += 1 }
        state.isInTurn = false
        guard !state.isStopped else { return }
        armWakeTime()
        if state.hasWorkLeft { requestWake() }
    }

    /// One pass over everything; false when there was nothing to do or the loop has stopped.
    private func round(_ state: LoopState) -> Bool {
        state.now = .current
        let work = mailbox.takeAll()
        for body in work where !state.isStopped { body() }
        guard !state.isStopped else { return false }
        let ready = state.readiness.collect()
        for index in 0..<ready {
            guard let (observer, readiness) = state.readiness.event(index) else { continue }
            observer.becameReady(readiness)
        }
        guard !state.isStopped else { return false }
        fireTimers(state)
        finish(state)
        return !state.isStopped && (ready > 0 || !work.isEmpty || state.hasWorkLeft)
    }

    private func fireTimers(_ state: LoopState) {
        var due = state.due
        state.due = []
        state.wheel.advance(to: state.now, due: &due)
        state.heap.advance(to: state.now, due: &due)
        guard !due.isEmpty else {
            state.due = due
            return
        }
        if due.count > 1 { due.sort { $0.precedes($1) } }
        for timer in due where !state.isStopped {
            // One that fired before it may have cancelled or moved it.
            guard case .due = timer.place else { continue }
            timer.place = .nowhere
            timer.body?()
        }
        due.removeAll(keepingCapacity: due.count <= 1024)
        state.due = due
    }

    private func finish(_ state: LoopState) {
        var passes = 0
        while !state.afterTurn.isEmpty, passes < Self.afterTurnPasses {
            let bodies = state.afterTurn
            state.afterTurn = []
            for body in bodies where !state.isStopped { body() }
            passes += 1
        }
        guard !state.isStopped, !state.channelsWithOutput.isEmpty else { return }
        // A drained channel may ask for more: that leaves in the next round, or this one might never end.
        swap(&state.channelsWithOutput, &state.channelsFlushing)
        for connection in state.channelsFlushing { connection.flush() }
        state.channelsFlushing.removeAll(keepingCapacity: true)
    }

    private func armWakeTime() {
        let state = confined
        guard let next = state.nextWake, next < state.wakeTime else { return }
        state.wakeTime = next
        // Dispatch counts in signed nanoseconds; waking early does no harm.
        let delay = min(next - .current, .seconds(86_400))
        state.timerSource?.schedule(
            deadline: .now() + .nanoseconds(Int(delay.wholeNanoseconds)), leeway: .milliseconds(1))
    }

    private func end() {
        let state = confined
        guard !state.isStopped else { return }
        state.isStopped = true
        mailbox.close()
        for observer in state.readiness.deregisterAll() { observer.loopStopped() }
        state.wheel.removeAll()
        state.heap.removeAll()
        for timer in state.due { timer.body = nil }
        state.afterTurn = []
        state.channelsWithOutput = []
        state.timerSource?.cancel()
        state.readinessSource?.cancel()
        state.timerSource = nil
        state.readinessSource = nil
    }
}
