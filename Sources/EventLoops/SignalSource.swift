internal import CLinux
internal import Dispatch
internal import Glibc

/// Calls a body on a loop for each signal, or once for several that came together.
///
/// A Dispatch source on an event descriptor that the signal's own handler writes to. Dispatch's signal sources read a
/// signalfd, which on Linux misses a signal that is delivered to a thread which has not blocked it; Dispatch unblocks
/// all signals in the main thread when that parks in `dispatchMain`, so a SIGTERM could be lost.
///
/// One source for each signal at a time. While it lives the signal's usual effect is off, and it stays off after
/// ``cancel()``, so that a second SIGTERM does not cut a shutdown short.
public final class SignalSource: Sendable {
    /// The signal it listens to.
    public let signal: ProcessSignal
    // Dispatch sources may be cancelled from any thread; the protocol does not say so to the compiler.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// Listens from now on, from any thread.
    ///
    /// - Throws: ``SystemError`` when no descriptor is left.
    public init(
        _ signal: ProcessSignal, on loop: EventLoop, body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        self.signal = signal
        let number = linux_signal_begin(signal.number)
        guard number >= 0 else { throw SystemError(call: "sigaction", code: -number) }
        source = DispatchSource.makeReadSource(fileDescriptor: number, queue: loop.queue)
        source.setEventHandler {
            var count: UInt64 = 0
            guard read(number, &count, MemoryLayout<UInt64>.size) > 0 else { return }
            // Through the mailbox, so that what the body does belongs to a turn.
            loop.execute(body)
        }
        source.activate()
    }

    deinit {
        cancel()
    }

    /// Listens no more; the signal is ignored from now on.
    public func cancel() {
        guard !source.isCancelled else { return }
        linux_signal_end(signal.number)
        source.cancel()
    }
}
