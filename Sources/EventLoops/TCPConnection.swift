internal import Glibc

/// One stream socket, TCP or unix, on one loop.
///
/// Output is collected and leaves in one write at the end of the turn. Input comes through the loop's shared buffer, so
/// many a turn for each connection. An idle connection holds no buffer at all.
///
/// The loop keeps an open connection alive; the delegate is weak, and a connection whose delegate has gone closes itself.
public final class TCPConnection {
    /// How much is read in one turn before others have theirs.
    static let readBudget = 128 * 1024

    enum Phase {
        case open
        /// The owner is done: output leaves, input is thrown away, and nobody is told anything.
        case closing
        case closed
    }

    enum Sending {
        case open
        /// The end follows what is still buffered.
        case finishing
        case finished
        /// The peer takes no more. What it sent before is delivered first, then this.
        case failed(ConnectionFailure)
    }

    /// The loop that the connection lives on.
    public let loop: EventLoop
    /// The peer's address, nil for a unix socket.
    public let peerAddress: SocketAddress?
    /// Our own address, nil for a unix socket.
    public let localAddress: SocketAddress?
    /// Who is told what happens; to be set in the turn in which the connection was received.
    public weak var delegate: (any TCPConnectionDelegate)?
    /// Octets received from the kernel.
    public internal(set) var bytesReceived: UInt64 = 0
    /// Octets that the kernel took; they may yet be lost on the way.
    public internal(set) var bytesSent: UInt64 = 0
    /// From this many buffered octets on the connection is full.
    public var highWaterMark = 256 * 1024
    /// A connection that was full has drained when no more octets than this are buffered.
    public var lowWaterMark = 64 * 1024

    var descriptor: SocketDescriptor
    var token = ReadinessToken(slot: .max, generation: .max)
    var output = OutputBuffer()
    var phase = Phase.open
    var sending = Sending.open
    var receiveFailure: ConnectionFailure?
    var isReadingPaused = false
    var hasReachedEnd = false
    var isFlushScheduled = false
    /// The kernel said "later": write interest is armed and output waits for it.
    var awaitsWritability = false
    /// Out of the kernel's set after a hang-up that nobody may read yet.
    var isParked = false
    var owesDrain = false
    var closing: ClosingConnection?

    /// Takes over an open, connected, non-blocking socket; on failure it is closed.
    init(
        adopting descriptor: SocketDescriptor, peerAddress: SocketAddress?, localAddress: SocketAddress?,
        on loop: EventLoop
    ) throws(ConnectionFailure) {
        self.loop = loop
        self.descriptor = descriptor
        self.peerAddress = peerAddress
        self.localAddress = localAddress
        do throws(SystemError) {
            guard !loop.confined.isStopped else { throw SystemError(call: "epoll_ctl", code: ESHUTDOWN) }
            token = try loop.confined.readiness.register(descriptor.number, interest: .reading, observer: self)
        } catch {
            descriptor.close()
            self.descriptor = .closed
            phase = .closed
            throw ConnectionFailure(error)
        }
    }

    /// Takes over the registered socket of a dial that succeeded.
    init(
        dialled descriptor: SocketDescriptor, token: ReadinessToken, peerAddress: SocketAddress?, on loop: EventLoop
    ) throws(ConnectionFailure) {
        self.loop = loop
        self.descriptor = descriptor
        self.token = token
        self.peerAddress = peerAddress
        localAddress = descriptor.localAddress
        loop.confined.readiness.replaceObserver(token, with: self)
        do throws(SystemError) {
            try loop.confined.readiness.update(token, interest: .reading)
        } catch {
            release(descriptor.close)
            throw ConnectionFailure(error)
        }
    }

    /// Whether the connection still has its socket.
    public var isOpen: Bool {
        if case .closed = phase { false } else { true }
    }

    // MARK: Output

    /// Octets that wait to leave.
    public var bufferedBytes: Int { output.count }

    /// Whether so much is buffered that the owner should produce no more until ``TCPConnectionDelegate/connectionDidDrain(_:)``.
    public var isFull: Bool { output.count >= highWaterMark }

    /// Whether bytes written now can reach the peer and find room.
    public var isWritable: Bool { acceptsOutput && !isFull }

    /// Adds bytes to the output; they leave at the end of the turn. Dropped when sending is over.
    public func write(_ bytes: UnsafeRawBufferPointer) {
        withOutputBuffer { $0.append(contentsOf: bytes) }
    }

    /// Adds bytes to the output; they leave at the end of the turn. Dropped when sending is over.
    public func write(_ bytes: [UInt8]) {
        withOutputBuffer { $0.append(contentsOf: bytes) }
    }

    /// Lets `body` append to the output without a copy. It must do nothing else with the buffer, whose front may still
    /// be waiting to leave, and nothing at all with the connection. When sending is over what it appends is dropped.
    public func withOutputBuffer<Result, Failure: Error>(
        _ body: (inout [UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        loop.preconditionOnLoop()
        guard acceptsOutput else {
            var dropped: [UInt8] = []
            return try body(&dropped)
        }
        if output.bytes.capacity == 0 { output.bytes = loop.confined.takeBuffer() }
        defer { outputGrew() }
        return try body(&output.bytes)
    }

    /// Ends our side once the output has left; the peer may go on sending. When it has ended too the connection closes
    /// itself.
    public func shutdownSending() {
        loop.preconditionOnLoop()
        guard acceptsOutput else { return }
        sending = .finishing
        scheduleFlush()
    }

    // MARK: Input

    /// Stops reading: nothing is delivered, not the end and not a failure, and nothing is lost, until
    /// ``resumeReading()``.
    public func pauseReading() {
        loop.preconditionOnLoop()
        guard case .open = phase, !isReadingPaused else { return }
        isReadingPaused = true
        updateInterest()
    }

    /// Reads again, from the next round of the loop on.
    public func resumeReading() {
        loop.preconditionOnLoop()
        guard case .open = phase, isReadingPaused else { return }
        isReadingPaused = false
        isParked = false
        updateInterest()
        // The kernel told of this failure already and may not tell again.
        if receiveFailure != nil { loop.afterTurn { [weak self] in self?.concludeAfterResume() } }
    }

    // MARK: Closing

    /// Closes when the output has left and the peer has had the chance to read it; the delegate is told nothing more.
    ///
    /// Closing at once with unread input would make the kernel send a reset, which can destroy the last thing we said.
    /// So input is read and thrown away until the peer ends.
    /// - Parameters:
    ///   - limit: After this the connection is closed whatever is left.
    ///   - completion: Called once on the loop when the socket is gone; not when the loop stops.
    public func closeAfterFlush(within limit: Duration = .seconds(5), completion: (() -> Void)? = nil) {
        loop.preconditionOnLoop()
        delegate = nil
        guard case .open = phase else {
            if let completion { isOpen ? closing?.completions.append(completion) : loop.afterTurn(completion) }
            return
        }
        phase = .closing
        let timer = loop.schedule(after: limit) { [weak self] in self?.abort() }
        closing = ClosingConnection(timer: timer, completions: completion.map { [$0] } ?? [])
        isReadingPaused = false
        isParked = false
        updateInterest()
        if case .open = sending { sending = .finishing }
        scheduleFlush()
    }

    /// Closes now; what is still buffered is dropped. The delegate is told nothing more.
    public func close() {
        loop.preconditionOnLoop()
        delegate = nil
        release(descriptor.close)
    }

    /// Closes now with a reset; what is still buffered, here and in the kernel, is dropped. The delegate is told nothing
    /// more.
    public func abort() {
        loop.preconditionOnLoop()
        delegate = nil
        release(descriptor.closeWithReset)
    }

    func release(_ close: () -> Void) {
        guard isOpen else { return }
        phase = .closed
        loop.confined.readiness.deregister(token)
        close()
        descriptor = .closed
        loop.confined.returnBuffer(output.release())
        guard let closing else { return }
        self.closing = nil
        closing.timer.cancel()
        for completion in closing.completions { loop.afterTurn(completion) }
    }

    func fail(_ failure: ConnectionFailure) {
        let delegate = delegate
        close()
        delegate?.connection(self, failed: failure)
    }

    func updateInterest() {
        guard isOpen, !isParked else { return }
        var interest: Interest = []
        if wantsInput { interest.insert(.reading) }
        if awaitsWritability { interest.insert(.writing) }
        do throws(SystemError) {
            try loop.confined.readiness.update(token, interest: interest)
        } catch {
            // Without its membership the connection would hang unnoticed.
            let failure = ConnectionFailure(error)
            loop.afterTurn { [weak self] in
                if let self, isOpen { fail(failure) }
            }
        }
    }
}
