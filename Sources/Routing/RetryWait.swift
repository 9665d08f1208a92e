/// The memory of attempts that failed in a row (XS-26).
struct RetryWait: Hashable, Sendable {
    /// How long a failure is remembered behind its wait, in seconds: so long the next one counts as one more in a row.
    static let memory = 600.0

    /// Failed attempts in a row.
    private(set) var failures = 0
    /// Until when nothing is tried, on the router's clock.
    private(set) var until = 0.0
    /// The last failure.
    private(set) var reason: AttemptFailure

    /// Begins with no wait.
    init(_ reason: AttemptFailure) { self.reason = reason }

    /// Counts a failure and begins its wait.
    ///
    /// - Parameter chance: From 0 to below 1; varies the wait by ±20 %.
    mutating func extend(by failure: AttemptFailure, at now: Double, waits: [Double], chance: Double) {
        reason = failure
        // Attempts that ran side by side fail side by side: they are one failure of the remote domain.
        guard failures == 0 || now >= until else { return }
        failures += 1
        guard !waits.isEmpty else { return }
        until = now + waits[min(failures, waits.count) - 1] * (0.8 + 0.4 * chance)
    }

    /// Whether attempts have to wait.
    func isActive(at now: Double) -> Bool { now < until }

    /// Whether the failure may be forgotten.
    func isForgotten(at now: Double) -> Bool { now >= until + Self.memory }
}
