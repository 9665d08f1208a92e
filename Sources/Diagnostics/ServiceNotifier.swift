internal import Glibc

/// Tells systemd how the service is doing (`Type=notify`); says nothing where nobody asked.
/// - SeeAlso: sd_notify(3), sd_watchdog_enabled(3).
public struct ServiceNotifier: Sendable {
    /// What to tell.
    public enum Message: Hashable, Sendable {
        /// Started, or done with reloading.
        case ready(status: String)
        /// Reading the configuration again.
        case reloading
        /// Draining.
        case stopping(status: String)
        /// One line for `systemctl status`.
        case status(String)
        /// Alive.
        case watchdog
    }

    /// How often the watchdog wants to hear ``Message/watchdog`` at the latest, in microseconds; nil when it is off.
    ///
    /// Send it twice as often.
    public let watchdogInterval: Int64?

    private let address: NotificationAddress?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    ///
    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - processID: Nil for this process.
    public init(environment: [String: String] = ProcessEnvironment.variables, processID: Int32? = nil) {
        address = environment["NOTIFY_SOCKET"].flatMap(NotificationAddress.init)
        let watched = environment["WATCHDOG_PID"]
        let isForUs = watched == nil || watched.flatMap { Int32($0) } == (processID ?? getpid())
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval = isForUs && interval > 0 ? interval : nil
    }

    /// Whether somebody listens.
    public var isActive: Bool { address != nil }

    /// Sends a message; never waits.
    ///
    /// - Throws: ``NotificationFailure`` when somebody should listen and the message did not go.
    public func send(_ message: Message) throws(NotificationFailure) {
        guard let address else { return }
        try address.send(Array(Self.text(of: message).utf8))
    }

    private static func text(of message: Message) -> String {
        switch message {
        case .ready(let status): "READY=1\nSTATUS=\(oneLine(status))"
        // systemd takes the next READY for the answer to this reload by its time.
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds())"
        case .stopping(let status): "STOPPING=1\nSTATUS=\(oneLine(status))"
        case .status(let status): "STATUS=\(oneLine(status))"
        case .watchdog: "WATCHDOG=1"
        }
    }

    // A line feed would begin another assignment.
    private static func oneLine(_ text: String) -> String {
        var bytes: [UInt8] = []
        EscapedText.append(text, to: &bytes, as: .line)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func monotonicMicroseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}
