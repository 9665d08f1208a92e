internal import Administration
internal import Configuration
internal import Diagnostics
internal import EventLoops
public import Federation
internal import Glibc
internal import Logging
internal import TransportSecurity
internal import XMPPModel

/// The daemon from its start to its end: configuration, sockets, signals, service manager and control socket around one
/// ``FederationService``.
public actor Daemon {
    /// The version that `status` and `jabber:iq:version` state.
    public static let version = "0.1.0"

    enum Order: Sendable {
        case reload
        case stop
    }

    private let file: String
    private let output: LogOutput
    private let log: Logger
    private let notifier: ServiceNotifier
    /// The daemon without its surroundings, for those who embed it.
    public nonisolated let service: FederationService
    private let group: EventLoopGroup
    let listeners: ListenerSet
    let store: TenantStore
    private let names: NameService
    private let documents: POSHService
    private let keys: KeyFile
    var loaded: LoadedConfiguration
    private let started = Daemon.wallClock()
    private var state = StatusReply.State.starting {
        didSet { http?.enter(state) }
    }
    private var http: HTTPFront?

    /// Checks a configuration without opening a socket; prints every fault.
    ///
    /// - Returns: The exit status of the process.
    public static func check(configuration file: String) -> Int32 {
        do throws(ConfigurationErrors) {
            let loaded = try LoadedConfiguration(file: file)
            for warning in loaded.warnings { printError("warning: \(warning)") }
            print("\(file): no errors; hosted domains: \(loaded.configuration.domains.count)")
            return EX_OK
        } catch {
            return report(error)
        }
    }

    /// Runs the daemon in the foreground until SIGTERM or SIGINT.
    ///
    /// - Returns: The exit status of the process (sysexits.h).
    public static func run(configuration file: String) async -> Int32 {
        ProcessSignal.ignoreBrokenPipe()
        do throws(ConfigurationErrors) {
            let loaded = try LoadedConfiguration(file: file)
            let daemon: Daemon
            do throws(StartFailure) {
                daemon = try Daemon(file: file, loaded: loaded, environment: ProcessEnvironment.variables)
            } catch {
                // Not a fault of the configuration: another start may succeed, and the service manager may try it.
                for reason in error.reasons { printError("\(file): error: \(reason)") }
                return EX_OSERR
            }
            return await daemon.serve()
        } catch {
            return report(error)
        }
    }

    /// What the surroundings refuse: an address, a directory, a descriptor.
    struct StartFailure: Error {
        let reasons: [String]
    }

    private static func report(_ errors: ConfigurationErrors) -> Int32 {
        for error in errors.errors { printError("\(error)") }
        return EX_CONFIG
    }

    private static func printError(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func wallClock() -> Int64 { Int64(time(nil)) }

    /// Binds and makes everything; nothing runs yet.
    ///
    /// - Parameter environment: Where the service manager's variables are looked for.
    init(
        file: String, loaded: LoadedConfiguration, environment: [String: String], logDescriptor: Int32 = STDERR_FILENO,
        observe: (@Sendable (FederationFact) -> Void)? = nil
    ) throws(StartFailure) {
        self.file = file
        let configuration = loaded.configuration
        output = LogOutput(
            level: Logger.Level(rawValue: configuration.log.level.rawValue) ?? .info,
            format: configuration.log.format == .json ? .json : .text, descriptor: logDescriptor)
        notifier = ServiceNotifier(environment: environment)
        log = output.logger("daemon")
        let metrics = Metrics()
        store = TenantStore(stateDirectory: configuration.stateDirectory)
        do {
            try StateDirectory.make(configuration.stateDirectory)
            self.loaded = try loaded.keepingDialbackSecret(log) {
                try LoadedConfiguration(file: file, prooftypes: loaded.prooftypes)
            }
            listeners = try ListenerSet(configuration.listen, passed: PassedSockets(environment: environment))
            group = try EventLoopGroup(count: configuration.runtime.eventLoops)
            keys = try KeyFile(
                stateDirectory: configuration.stateDirectory, isRefusing: configuration.refusesKeyChanges, log: log)
            names = try NameService(
                loaded.names, stateDirectory: configuration.stateDirectory, log: output.logger("resolver"))
            let names = names
            documents = try POSHService(loaded.documents, log: output, metrics: metrics) { names.resolver(on: $0) }
        } catch let failures as ListenerFailures {
            throw StartFailure(reasons: failures.reasons)
        } catch let errors as ConfigurationErrors {
            throw StartFailure(reasons: errors.errors.map(\.description))
        } catch {
            throw StartFailure(reasons: ["\(error)"])
        }
        let (names, documents) = (names, documents)
        service = FederationService(
            self.loaded.deployment, on: group, log: output, metrics: metrics, wallClock: { Daemon.wallClock() },
            resolver: { loop in names.resolver(on: loop) },
            publishedKeys: { loop, _ in documents.source(on: loop) }, knownKeys: keys.knownKeys,
            observe: observe)
    }

    // MARK: - Running

    private func serve() async -> Int32 {
        let (orders, continuation) = AsyncStream.makeStream(of: Order.self)
        let first = group[0]
        var sources: [SignalSource] = []
        defer { for source in sources { source.cancel() } }
        do {
            sources.append(try SignalSource(.hangUp, on: first) { continuation.yield(.reload) })
            sources.append(try SignalSource(.terminate, on: first) { continuation.yield(.stop) })
            sources.append(try SignalSource(.interrupt, on: first) { continuation.yield(.stop) })
            try await start()
        } catch {
            log.error("cannot start", metadata: .facts([.reason: "\(error)"]))
            group.stop()
            output.flush()
            return EX_OSERR
        }
        let watchdog = Task { await self.feedWatchdog() }
        for await order in orders {
            if case .stop = order { break }
            _ = await reload()
        }
        watchdog.cancel()
        await stop()
        return EX_OK
    }

    /// Serves from now on.
    func start() async throws {
        try await service.start(listeners.listeners)
        try startControl(on: group[0])
        let http = HTTPFront(service, loaded, file: file, listeners: listeners.descriptions, started: started)
        self.http = http
        try http.start(listeners.http, on: group[0])
        announce()
    }

    private func announce() {
        state = .serving
        for warning in loaded.warnings { log.warning("\(warning)") }
        for listener in listeners.descriptions {
            log.info("listening", metadata: .facts([.listener: "\(listener.name) \(listener.address)"]))
        }
        log.notice("serving", metadata: .facts([.count: "\(loaded.configuration.domains.count) domains"]))
        notify(.ready(status: "serving \(loaded.configuration.domains.count) domains"))
    }

    private func startControl(on loop: EventLoop) throws {
        let path = loaded.configuration.listen.control
        guard !path.isEmpty else { return }
        StateDirectory.makeParent(of: path)
        let socket = try ListeningSocket.bind(toUnixSocket: path)
        let failure = loop.run { () -> ListenFailure? in
            let server = ControlServer(loop: loop) { [self] request in await frames(of: request) }
            do throws(ListenFailure) {
                try server.start(socket)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Drains, and ends every loop.
    func stop() async {
        state = .draining
        log.notice("stopping: streams are closed in order")
        notify(.stopping(status: "draining"))
        await service.drain()
        documents.shutDown()
        names.shutDown()
        http?.stop()
        group.stop()
        keys.finish()
        let path = loaded.configuration.listen.control
        if !path.isEmpty { unlink(path) }
        log.notice("stopped")
        output.flush()
    }

    /// Tells the service manager that every loop still turns.
    private func feedWatchdog() async {
        guard let interval = notifier.watchdogInterval else { return }
        while !Task.isCancelled {
            await service.waitForTurnOfEveryLoop()
            notify(.watchdog)
            try? await Task.sleep(for: .microseconds(interval / 2))
        }
    }

    private func notify(_ message: ServiceNotifier.Message) {
        do throws(NotificationFailure) {
            try notifier.send(message)
        } catch {
            log.warning("the service manager was not told", metadata: .facts([.reason: "\(error)"]))
        }
    }

    // MARK: - Reloading

    private func reload() async -> AdministrationReply {
        notify(.reloading)
        defer { notify(.ready(status: "serving \(loaded.configuration.domains.count) domains")) }
        do {
            return await adopt(try readAgain())
        } catch let errors as ConfigurationErrors {
            for error in errors.errors { log.error("\(error)") }
            return .failed(
                AdministrationFailure(
                    "the configuration has errors; what ran before goes on", details: errors.errors.map(\.description),
                    exitCode: .configuration))
        } catch {
            log.error("not reloaded", metadata: .facts([.reason: "\(error)"]))
            return .failed(
                AdministrationFailure("what ran before goes on: \(error)", exitCode: .cannotCreate))
        }
    }

    private func readAgain() throws -> LoadedConfiguration {
        let read = { [file, loaded] in
            try LoadedConfiguration(file: file, prooftypes: loaded.prooftypes, after: loaded)
        }
        return try read().keepingDialbackSecret(log, orElse: read)
    }

    func adopt(_ fresh: LoadedConfiguration) async -> AdministrationReply {
        let former = loaded.configuration
        loaded = fresh
        http?.adopt(fresh)
        let configuration = fresh.configuration
        output.level = Logger.Level(rawValue: configuration.log.level.rawValue) ?? .info
        output.format = configuration.log.format == .json ? .json : .text
        // Before streams are made under the new policies.
        documents.adopt(fresh.documents)
        var reply = await service.adopt(fresh.deployment)
        names.adopt(fresh.names)
        reply.warnings = fresh.warnings
        let fixed: [(String, Bool)] = [
            ("listen", former.listen == configuration.listen), ("runtime", former.runtime == configuration.runtime),
            ("state_directory", former.stateDirectory == configuration.stateDirectory),
        ]
        for (section, isSame) in fixed where !isSame {
            reply.warnings.append("[\(section)] has changed, which takes effect with a restart")
        }
        for warning in reply.warnings { log.warning("\(warning)") }
        log.notice(
            "reloaded",
            metadata: .facts([
                .count: "\(configuration.domains.count) domains",
                .reason: "\(reply.added.count) added, \(reply.changed.count) changed, \(reply.removed.count) removed",
            ]))
        return .reloaded(reply)
    }

    // MARK: - The control socket

    /// What stands behind the frames of a long list is not made before their turn.
    private nonisolated func frames(of request: AdministrationRequest) async -> ReplyFrames {
        guard case .associations(let domain) = request else { return ControlCodec.frames(of: await answer(request)) }
        let list = await service.associationList(with: domain)
        return ReplyFrames(count: list.indices.count) { .associations(list.summaries($0)) }
    }

    private func answer(_ request: AdministrationRequest) async -> AdministrationReply {
        switch request {
        case .status: await .status(status())
        case .streams: await .streams(service.streams())
        case .associations(let domain): await .associations(service.associations(with: domain))
        case .tenants: await .tenants(tenants())
        case .tenantsAdd(let text, let name): await addTenants(text, from: name)
        case .tenantsRemove(let name): await removeTenant(name)
        case .keys(let domain): keys(of: domain)
        case .keysForget(let domain): forgetKeys(of: domain)
        case .close(let target): await close(target)
        case .ping(let local, let remote): await ping(local, remote)
        case .reload: await reload()
        }
    }

    private func status() async -> StatusReply {
        let counts = await service.counts()
        return StatusReply(
            version: Self.version, processID: getpid(), state: state, started: Timestamp(secondsSince1970: started),
            uptime: Self.wallClock() - started, configuration: file, listeners: listeners.descriptions,
            tenants: loaded.configuration.domains.count, streams: counts.streams, backends: counts.backends,
            associations: counts.associations, queuedStanzas: counts.queuedStanzas, queuedBytes: counts.queuedBytes,
            dns: await names.summaries(), warnings: loaded.warnings)
    }

    private func tenants() async -> [TenantSummary] {
        let connected = await service.connectedDomains()
        let added = Set(loaded.addedDomains.map(\.name))
        return loaded.deployment.hosts.values.map { host in
            let identity = host.identity ?? loaded.deployment.defaultIdentity
            return TenantSummary(
                name: host.settings.name, backend: host.backendName, connected: connected.contains(host.settings.name),
                file: host.settings.position.file, removable: added.contains(host.settings.name),
                certificateExpires: identity?.certificates.first.map { Timestamp(secondsSince1970: $0.notAfter) })
        }.sorted { $0.name < $1.name }
    }

    private func close(_ target: CloseTarget) async -> AdministrationReply {
        let closed = await service.close(target)
        guard !closed.isEmpty else {
            return .failed(AdministrationFailure("no stream matches \(target)", exitCode: .noHost))
        }
        return .closed(CloseReply(closed: closed))
    }

    private func ping(_ local: DomainName, _ remote: DomainName) async -> AdministrationReply {
        guard loaded.deployment.hosts[local] != nil else {
            return .failed(AdministrationFailure("\(local) is not a domain of this daemon", exitCode: .noHost))
        }
        let limit = Duration.seconds(30)
        guard let reply = await service.ping(from: local, to: remote, within: limit) else {
            return .failed(
                AdministrationFailure("\(remote) did not answer within 30 seconds", exitCode: .temporaryFailure))
        }
        return .pinged(reply)
    }
}
