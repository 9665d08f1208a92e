/// A descriptor that another library owns, watched by a loop: it stays the library's to close.
public final class DescriptorWatch {
    private let loop: EventLoop
    private var token: ReadinessToken?
    private var body: ((Readiness) -> Void)?

    /// Watches `descriptor` for `interest`, level triggered, until ``cancel()``.
    ///
    /// - Parameter body: Called on the loop with what it is ready for. Hang-up and failure come asked for or not.
    /// - Throws: ``SystemError`` when the kernel cannot watch it, as a regular file (`EPERM`).
    public init(
        _ descriptor: Int32, for interest: Interest, on loop: EventLoop, body: @escaping (Readiness) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.body = body
        token = try loop.confined.readiness.register(descriptor, interest: interest, observer: self)
    }

    /// Watches for something else from now on.
    ///
    /// - Throws: ``SystemError`` when the kernel refuses, as when the descriptor was closed.
    public func update(_ interest: Interest) throws(SystemError) {
        guard let token else { return }
        try loop.confined.readiness.update(token, interest: interest)
    }

    /// Ends the watch; `body` is not called again. The descriptor may have been closed before.
    public func cancel() {
        loop.preconditionOnLoop()
        if let token { loop.confined.readiness.deregister(token) }
        loopStopped()
    }
}

extension DescriptorWatch: ReadinessObserver {
    func becameReady(_ readiness: Readiness) {
        body?(readiness)
    }

    func loopStopped() {
        token = nil
        body = nil
    }
}
