internal import Glibc

/// The signals that a daemon listens to.
public enum ProcessSignal: Hashable, Sendable, CaseIterable {
    /// SIGHUP: read the configuration again.
    case hangUp
    /// SIGINT, from a terminal.
    case interrupt
    /// SIGTERM: stop.
    case terminate
    /// SIGUSR1.
    case user1
    /// SIGUSR2.
    case user2

    var number: Int32 {
        switch self {
        case .hangUp: SIGHUP
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        }
    }

    /// Makes a write to a connection that has gone fail with an error instead of ending the process.
    ///
    /// Our own sends ask for that each time; libraries that write to sockets or pipes do not. To be called once, before
    /// the first thread.
    public static func ignoreBrokenPipe() {
        signal(SIGPIPE, SIG_IGN)
    }
}
