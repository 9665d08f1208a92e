internal import Administration
internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import Logging
internal import NameResolution
internal import Synchronization

/// The daemon's one resolver with its surroundings: the log, `status`, and a change of settings while it runs.
final class NameService: Sendable {
    private let shared: SharedResolver
    private let settings: Mutex<NameSettings>
    private let reports: ResolverLog
    private let files: AnchorStateFiles

    /// Starts the resolver on a loop of its own; reads the authorities that the settings name.
    ///
    /// - Parameter stateDirectory: Where changes of the trust anchors are kept.
    /// - Throws: ``SystemError`` when the system has no room for a loop.
    init(_ settings: NameSettings, stateDirectory: String, log: Logger) throws(SystemError) {
        let reports = ResolverLog(log)
        self.reports = reports
        self.settings = Mutex(settings)
        files = AnchorStateFiles(stateDirectory: stateDirectory, log: log)
        shared = try SharedResolver(settings.resolver, reported: { reports.write($0, in: $1) })
        use(settings)
    }

    /// The resolver as one loop sees it.
    func resolver(on loop: EventLoop) -> any NameResolver { shared.resolver(on: loop) }

    /// Asks others from now on. What is unchanged stays: connections, and answers that are kept.
    func adopt(_ fresh: NameSettings) {
        let hasChanged = settings.withLock { former in
            defer { former = fresh }
            return former != fresh
        }
        // Certificates may have changed in files whose names did not; their content is part of the settings.
        if hasChanged { use(fresh) }
    }

    private func use(_ settings: NameSettings) {
        shared.replace(settings.resolver, discovering: settings.discovery(keeping: files)) { [reports] in
            reports.write($0)
        }
    }

    /// Ends all lookups, and keeps what has been learnt.
    func shutDown() {
        shared.shutDown()
        files.finish()
    }

    /// Each server as `status` shows it.
    func summaries() async -> [NameServerSummary] {
        let (states, zones) = await withCheckedContinuation { continuation in
            shared.serverStates { states, plan, _ in continuation.resume(returning: (states, plan.zones)) }
        }
        return states.enumerated().map { index, state in
            var summary = NameServerSummary(
                name: state.name, transport: Self.transport(state.channel), profile: Self.profile(state),
                zones: zones.filter { $0.servers.contains(index) }.map(\.name.description))
            summary.authenticated = state.isAuthenticated
            summary.security = state.lastSecurity.map(Self.security)
            (summary.state, summary.lastFailure) = Self.outcome(state.lastOutcome)
            summary.answers = state.answers
            summary.failures = state.failures
            return summary
        }
    }

    private static func transport(_ channel: UpstreamServer.Channel) -> NameServerSummary.Transport {
        switch channel {
        case .cleartext: .cleartext
        case .tls: .tls
        case .https: .https
        }
    }

    private static func security(_ status: SecurityStatus) -> LookupReport.Status {
        switch status {
        case .secure: .secure
        case .insecure: .insecure
        case .bogus: .bogus
        case .indeterminate: .indeterminate
        }
    }

    private static func profile(_ state: ServerState) -> String? {
        guard state.channel != .cleartext else { return nil }
        switch state.profile {
        case .strict: return "strict"
        case .opportunistic: return "opportunistic"
        }
    }

    private static func outcome(_ outcome: ServerState.Outcome) -> (NameServerSummary.State, String?) {
        switch outcome {
        case .none: (.unused, nil)
        case .answered: (.answering, nil)
        case .timedOut: (.failing, "no answer in time")
        case .failed(let failure): (.failing, failure.description)
        }
    }
}
