internal import Glibc

/// A running `ligased`, the program itself, from the build that the test belongs to.
public final class LigaseServer {
    /// The process, for its log.
    public let process: ChildProcess
    private let notifications: NotificationSocket
    private let configurationFile: String

    /// Starts `ligased` and waits until it says that it is ready.
    ///
    /// - Parameters:
    ///   - configuration: The text of its `ligase.toml`.
    ///   - environment: Added to this process's environment.
    public init(
        configuration: String, in directory: TemporaryDirectory, environment: [String: String] = [:]
    ) throws(HarnessFailure) {
        let notifications = try NotificationSocket(in: directory)
        configurationFile = try directory.write(configuration, to: "ligase.toml")
        process = try ChildProcess(
            try Self.program("ligased"), arguments: ["--config", configurationFile],
            environment: environment.merging(["NOTIFY_SOCKET": notifications.path]) { _, ours in ours },
            logFile: directory.path(of: "ligase.log"))
        self.notifications = notifications
        try process.wait(for: "READY", within: .seconds(20)) {
            notifications.receive()?.split(separator: "\n").contains("READY=1") ?? false
        }
    }

    /// Runs the operator's tool against this daemon.
    ///
    /// - Returns: What it wrote.
    public func control(_ arguments: String...) throws(HarnessFailure) -> String {
        try Program.run(try Self.program("ligasectl"), ["--config", configurationFile] + arguments)
    }

    /// Waits until the daemon has said a line to the service manager, such as `READY=1`; what came before is dropped.
    public func waitForNotification(_ line: String, within limit: Duration = .seconds(10)) throws(HarnessFailure) {
        try process.wait(for: line, within: limit) {
            notifications.receive()?.split(separator: "\n").contains { $0.hasPrefix(line) } ?? false
        }
    }

    /// Ends the daemon as a service manager does, and says how it ended: `exited` with 0 if all is well.
    public func stop() -> ExitStatus { process.stop(within: .seconds(20)) }

    private static func program(_ name: String) throws(HarnessFailure) -> String {
        let path = try "\(Program.directoryOfThisProgram())/\(name)"
        guard access(path, X_OK) == 0 else { throw .programMissing(path) }
        return path
    }
}
