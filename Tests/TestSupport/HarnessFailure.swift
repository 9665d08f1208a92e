/// What went wrong around a test: in a process, a socket or a file of the harness, not in what is tested.
///
/// The description holds what is needed to see why, the end of a server's log included, since it is all that
/// remains once the test's directory is gone.
public enum HarnessFailure: Error, CustomStringConvertible {
    /// A call to the operating system failed.
    case systemCall(String, code: Int32)
    /// A program that the test needs is not installed or not built.
    case programMissing(String)
    /// A program ended that should have gone on.
    case programEnded(String, log: String)
    /// Something did not happen in time.
    case timedOut(awaiting: String, log: String)
    /// The other side closed its connection.
    case connectionClosed(while: String)
    /// The other side, or a file of the test, said something that cannot be understood.
    case malformed(String)

    /// One line, and the log where there is one.
    public var description: String {
        switch self {
        case .systemCall(let name, let code): "\(name) failed with errno \(code)"
        case .programMissing(let program): "\(program) is missing: install it, or build the package first"
        case .programEnded(let program, let log): "\(program) ended\n\(log)"
        case .timedOut(let awaited, let log): "timed out waiting for \(awaited)\n\(log)"
        case .connectionClosed(let activity): "connection closed while \(activity)"
        case .malformed(let detail): "malformed: \(detail)"
        }
    }
}
