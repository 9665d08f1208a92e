/// How a process ended.
public enum ExitStatus: Equatable, Sendable {
    /// It ended itself with this code.
    case exited(code: Int32)
    /// This signal ended it.
    case signalled(number: Int32)

    /// Reads the status that `waitpid` gives.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited(code: waitStatus >> 8 & 0xff) : .signalled(number: signal)
    }
}
