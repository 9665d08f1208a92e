internal import Administration
internal import Configuration
internal import Diagnostics
internal import EventLoops
internal import Federation
internal import Glibc
internal import HTTPExchange
internal import Synchronization
internal import TransportSecurity
internal import XMPPModel

/// The HTTP listener of a daemon: the server, and what its answers are made of.
///
/// It has a copy of what is in force, so that nobody waits for a reload that reads thousands of files.
final class HTTPFront: Sendable {
    /// What is in force.
    private struct Present: Sendable {
        var deployment: Deployment
        var warnings: [String]
        var state = StatusReply.State.starting
    }

    private let service: FederationService
    private let file: String
    private let listeners: [StatusReply.Listener]
    private let started: Int64
    /// As `[runtime]` had it at the start.
    private let readyRequires: RuntimeSettings.Readiness
    private let present: Mutex<Present>
    private let running = Mutex<LoopReference<HTTPServer>?>(nil)

    /// - Parameter started: Seconds since 1970.
    init(
        _ service: FederationService, _ loaded: LoadedConfiguration, file: String, listeners: [StatusReply.Listener],
        started: Int64
    ) {
        self.service = service
        self.file = file
        self.listeners = listeners
        self.started = started
        readyRequires = loaded.configuration.runtime.readyRequires
        present = Mutex(Present(deployment: loaded.deployment, warnings: loaded.warnings))
    }

    deinit { stop() }

    // MARK: - Running

    /// Serves on these sockets; nothing happens without any.
    ///
    /// - Throws: ``HTTPServerFailure``, ``ListenFailure``.
    func start(_ sockets: [ListeningSocket], on loop: EventLoop) throws {
        guard !sockets.isEmpty else { return }
        let running = try loop.run { () throws(any Error) in
            let server = try HTTPServer(on: loop) { [weak self] request in
                self?.decide(request) ?? .answer(HTTPPages.unhealthy)
            }
            do throws(ListenFailure) {
                for socket in sockets { try server.listen(socket) }
            } catch {
                server.stop()
                throw error
            }
            return LoopReference(server, on: loop)
        }
        self.running.withLock { $0 = running }
    }

    /// Closes the sockets and all connections.
    func stop() {
        running.withLock { $0.take() }?.run { $0.stop() }
    }

    /// Tells of another configuration from now on.
    func adopt(_ loaded: LoadedConfiguration) {
        present.withLock {
            $0.deployment = loaded.deployment
            $0.warnings = loaded.warnings
        }
    }

    /// Tells of another state from now on.
    func enter(_ state: StatusReply.State) { present.withLock { $0.state = state } }

    // MARK: - Answering

    /// On the loop of the server: documents are made of what is in memory, everything else is asked for.
    private func decide(_ request: HTTPServerRequest) -> HTTPServerDecision {
        switch HTTPRouter.outcome(of: request) {
        case .refused(let response): return .answer(response)
        case .resource(.document(let domain, let form)):
            let deployment = present.withLock { $0.deployment }
            // Who is not hosted is told no more than who asks for nonsense.
            guard let certificates = deployment.publishedCertificates(of: domain) else {
                return .answer(HTTPPages.notFound)
            }
            return .answer(
                HTTPPages.document(form, of: certificates, expires: deployment.configuration.posh.expires))
        case .resource(.health):
            // Where a loop hangs, the server itself answers 503 when the time is over.
            return .find { [service] in
                await service.waitForTurnOfEveryLoop()
                return HTTPPages.healthy
            }
        case .resource(.readiness): return .find { [self] in HTTPPages.readiness(await readiness()) }
        case .resource(.metrics): return .find { [self] in HTTPPages.metrics(await families()) }
        case .resource(.statusPage):
            return .find { [self] in HTTPPages.status(await status(), await readiness()) }
        }
    }

    private func readiness() async -> Readiness {
        let present = present.withLock { $0 }
        let domains: Set<DomainName>? =
            readyRequires == .all ? Set(present.deployment.hosts.keys) : nil
        return Readiness(
            state: present.state, listeners: listeners, waitingFor: domains,
            connected: await service.connectedDomains())
    }

    private func status() async -> StatusReply {
        let present = present.withLock { $0 }
        let counts = await service.counts()
        return StatusReply(
            version: Daemon.version, processID: getpid(), state: present.state,
            started: Timestamp(secondsSince1970: started), uptime: Int64(time(nil)) - started, configuration: file,
            listeners: listeners, tenants: present.deployment.hosts.count, streams: counts.streams,
            backends: counts.backends, associations: counts.associations, queuedStanzas: counts.queuedStanzas,
            queuedBytes: counts.queuedBytes, dns: [], warnings: present.warnings)
    }

    private func families() async -> [MetricFamily] {
        let deployment = present.withLock { $0.deployment }
        let figures = await service.figures()
        let counted = Metric.allCases.compactMap { metric in figures[metric].map { MetricFamily(metric, value: $0) } }
        let identities =
            deployment.hosts.values.map { $0.identity ?? deployment.defaultIdentity }
        let expiry = identities.compactMap { $0?.certificates.first?.notAfter }.min()
        let own = DaemonFigures(
            version: Daemon.version, started: started, hostedDomains: deployment.hosts.count,
            connectedDomains: await service.connectedDomains().count, isReady: await readiness().isReady,
            listeners: listeners, earliestExpiry: expiry)
        return own.families + counted
    }
}
