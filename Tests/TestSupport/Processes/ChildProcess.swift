internal import Glibc

/// A program that a test runs beside itself, with all the processes that it starts in turn.
///
/// It has a process group of its own, and the group ends when this value goes, when ``stop(within:)`` is called or
/// when the test process dies in whatever way. Its standard output and error go to a file.
public final class ChildProcess {
    /// The name used in failures.
    public let name: String
    /// The process, and the group of all that it starts.
    public let identifier: Int32
    private let logFile: String
    private var status: ExitStatus?
    private var guardian: ProcessGuardian?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: An absolute path, or a name that is looked up in `PATH`.
    ///   - arguments: Without the program's own name.
    ///   - environment: Added to this process's environment.
    ///   - logFile: Takes standard output and error, after what stands there already.
    public convenience init(
        _ executable: String, arguments: [String], environment: [String: String] = [:], logFile: String
    ) throws(HarnessFailure) {
        try self.init(executable, arguments: arguments, environment: environment, logFile: logFile, conversation: nil)
    }

    /// - Parameter conversation: Takes the place of standard input and output; then only errors go to the file.
    init(
        _ executable: String, arguments: [String], environment: [String: String], logFile: String,
        conversation: Descriptor?
    ) throws(HarnessFailure) {
        name = String(executable.split(separator: "/").last ?? "")
        self.logFile = logFile
        let nothing = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
        let log = Descriptor(open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        guard log.number >= 0 else { throw .systemCall("open \(logFile)", code: errno) }
        identifier = try ProcessSpawning.spawn(
            executable, arguments: arguments, environment: environment, input: conversation ?? nothing,
            output: conversation ?? log, errors: log)
        guardian = try? ProcessGuardian(of: identifier)
    }

    deinit { end() }

    /// Whether the program still runs.
    public var isRunning: Bool { exitStatus == nil }

    /// What the program has written so far.
    public var log: String { contents(ofFile: logFile) }

    /// How the program ended, or `nil` while it runs.
    public var exitStatus: ExitStatus? {
        if let status { return status }
        var raw: Int32 = 0
        guard waitpid(identifier, &raw, WNOHANG) == identifier else { return nil }
        status = ExitStatus(waitStatus: raw)
        return status
    }

    /// Sends a signal to the program, not to those that it started.
    public func signal(_ number: Int32) {
        if isRunning { kill(identifier, number) }
    }

    /// Waits until `condition` holds, and gives up as soon as the program ends.
    ///
    /// - Parameter awaited: What is waited for, for the failure's text.
    public func wait(
        for awaited: String, within limit: Duration, until condition: () throws(HarnessFailure) -> Bool
    ) throws(HarnessFailure) {
        let held = try eventually(within: limit) { () throws(HarnessFailure) -> Bool in
            if try condition() { return true }
            guard isRunning else { throw .programEnded(name, log: log) }
            return false
        }
        guard held else { throw .timedOut(awaiting: "\(awaited) of \(name)", log: log) }
    }

    /// Waits until the program ends by itself.
    public func waitForExit(within limit: Duration) throws(HarnessFailure) -> ExitStatus {
        _ = eventually(within: limit) { !isRunning }
        guard let status else { throw .timedOut(awaiting: "\(name) to end", log: log) }
        return status
    }

    /// Asks the program to end (SIGTERM), waits, and then ends what is left of its group.
    ///
    /// - Returns: How it ended; `signalled` with 9 when it did not in time.
    @discardableResult
    public func stop(within limit: Duration = .seconds(10)) -> ExitStatus {
        signal(SIGTERM)
        _ = eventually(within: limit) { !isRunning }
        end()
        return status ?? .signalled(number: SIGKILL)
    }

    private func end() {
        guardian?.dismiss()
        guardian = nil
        // The group outlives its leader while any member does; until the leader is reaped, its number is not reused.
        kill(-identifier, SIGKILL)
        guard status == nil else { return }
        var raw: Int32 = 0
        if waitpid(identifier, &raw, 0) == identifier { status = ExitStatus(waitStatus: raw) }
    }
}
