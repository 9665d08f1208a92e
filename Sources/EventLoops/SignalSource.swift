internal import Dispatch
internal import Glibc

/// Calls a body on a loop for each signal, or for several that came at once.
///
/// While it lives the signal's usual effect is off; it stays off after ``cancel()``, so that a second SIGTERM does not
/// cut a shutdown short.
public final class SignalSource: Sendable {
    /// The signal it listens to.
    public let signal: ProcessSignal
    // Dispatch sources may be cancelled from any thread; the protocol does not say so to the compiler.
    nonisolated(unsafe) private let source: any DispatchSourceSignal

    /// Listens from now on, from any thread.
    public init(_ signal: ProcessSignal, on loop: EventLoop, body: @escaping @Sendable () -> Void) {
        self.signal = signal
        Glibc.signal(signal.number, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: signal.number, queue: loop.queue)
        // Through the loop's mailbox, so that what the body does belongs to a turn.
        source.setEventHandler { loop.execute(body) }
        source.activate()
    }

    deinit {
        source.cancel()
    }

    /// Listens no more.
    public func cancel() {
        source.cancel()
    }
}
