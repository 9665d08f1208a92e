internal import ArgumentParser
internal import Assembly
internal import EventLoops
internal import Federation
internal import Glibc
internal import Synchronization
internal import TestSupport
internal import XMPPModel

/// The process that `ligase-bench tenants` measures: a whole daemon with thousands of hosted domains. Its operator is `ligasectl`.
struct TenantSubject: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant-subject", abstract: "Hosts thousands of domains and says what it cost.",
        shouldDisplay: false)

    @Option var config: String
    @Option var tenantFile: String
    @Option var domains: Int
    @Option var remotes: Int
    /// How many of the tenants talk with every remote server.
    @Option var talking: Int
    /// Whether stanzas are such as remote servers answer.
    @Flag var answered = false
    /// Seconds until pairs have to be there.
    @Option var patience = 600

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let before = Self.residentBytes
        let meter = PairMeter()
        let daemon = try EmbeddedDaemon(configuration: config, logDescriptor: STDERR_FILENO) { meter.note($0) }
        try Blocking.wait { try await daemon.start() }
        let steps = Steps(daemon, meter, config)
        steps.row("start without tenants", "memory, MiB", Double(Self.residentBytes - before) / 1_048_576)
        try measurePairs(steps, tenants: nil, "the provider's own pairs")
        let traffic = SteadyTraffic(daemon.service, meter)
        try measureTenants(steps)
        if talking > 0 {
            try measurePairs(steps, tenants: 0..<talking, "\(talking) tenants × \(remotes) remote servers")
            try measureQuestions(steps)
        }
        try measureChanges(steps)
        traffic.stop()
        steps.stop()
        try Blocking.wait { await daemon.stop() }
    }

    // MARK: - Steps

    private func measureTenants(_ steps: Steps) throws {
        let memory = Self.residentBytes
        try steps.control("tenants add", "tenants", "add", tenantFile)
        let each = Double(Self.residentBytes - memory) / Double(domains)
        steps.row("tenants add", "memory for each tenant, bytes", each)
        try steps.control("tenants", "tenants")
        try steps.control("status", "status")
    }

    private func measureChanges(_ steps: Steps) throws {
        try steps.control("tenants remove, one", "tenants", "remove", TenantPlan.tenant(domains - 1))
        let one = "[[domain]]\nname = \"\(TenantPlan.tenant(domains - 1))\"\nbackend = \"builtin\"\n"
        let directory = try TemporaryDirectory(named: "tenant")
        try steps.control("tenants add, one", "tenants", "add", try directory.write(one, to: "one.toml"))
        try steps.control("reload", "reload")
    }

    /// Has a stanza sent for each pair, and waits until all pairs are there.
    private func measurePairs(_ steps: Steps, tenants: Range<Int>?, _ title: String) throws {
        let locals = tenants.map { $0.map(TenantPlan.tenant) } ?? [TenantPlan.provider]
        let service = steps.daemon.service
        let targets = try (0..<remotes).map { try DomainName(TenantPlan.remote($0)) }
        let established = steps.meter.established
        let memory = Self.residentBytes
        let allocated = AllocatedMemory.octets
        let start = ProcessCost.current
        steps.reset()
        for local in locals {
            let domain = try DomainName(local)
            let stanzas = targets.map {
                answered
                    ? Stanza(
                        .message, from: "user@\(local)", to: "echo@\($0)", id: nil, type: "chat",
                        content: Array("<body>~</body>".utf8))
                    : Stanza(.presence, from: "user@\(local)", to: "user@\($0)", id: nil, type: nil, content: [])
            }
            service.submit(stanzas, from: domain)
        }
        let wanted = locals.count * targets.count
        let operatorMeter = tenants.map { OperatorMeter(config, tenant: TenantPlan.tenant($0.lowerBound)) }
        // What has not come about by then is a figure too.
        _ = eventually(within: .seconds(patience), every: .milliseconds(2)) {
            steps.meter.established - established >= wanted
        }
        let end = ProcessCost.current
        let count = steps.meter.established - established
        steps.row(title, "pairs established", Double(count))
        let (failed, returned, reason) = steps.meter.failures
        if failed > 0 || returned > 0 {
            steps.row(title, "attempts failed; stanzas returned: \(returned); \(reason)", Double(failed))
        }
        steps.row(title, "time, s", end.wall - start.wall)
        steps.row(title, "pairs a second", Double(count) / (end.wall - start.wall))
        steps.row(title, "CPU for each pair, µs", (end.processor - start.processor) / Double(max(1, count)) * 1e6)
        let bytes = Double(Self.residentBytes - memory) / Double(max(1, count))
        steps.row(title, "memory for each pair, bytes", bytes)
        let inUse = Double(AllocatedMemory.octets - allocated) / Double(max(1, count))
        steps.row(title, "memory for each pair as malloc counts it, bytes", inUse)
        let connections = steps.meter.connections
        steps.row(title, "connections that we opened so far", Double(connections.initiated))
        steps.row(title, "connections that we took so far", Double(connections.accepted))
        steps.pauses(title)
        for (question, slowest) in operatorMeter?.stop() ?? [] {
            steps.row(title, "ligasectl \(question) meanwhile, slowest, s", slowest)
        }
    }

    private func measureQuestions(_ steps: Steps) throws {
        try steps.control("status", "status")
        try steps.control("streams", "streams")
        try steps.control("associations DOMAIN, a tenant", "associations", TenantPlan.tenant(talking / 2))
        try steps.control("associations DOMAIN, a remote server", "associations", TenantPlan.remote(0))
        try steps.control("associations", "associations")
        try steps.control("associations --json", "associations", "--json")
    }

    static var residentBytes: Int {
        ProcessUsage(process: getpid()).residentBytes
    }
}

/// Carries out the steps of an operator and prints what each cost.
private final class Steps {
    let daemon: EmbeddedDaemon
    let meter: PairMeter
    private let config: String
    private let pauseMeter: PauseMeter

    init(_ daemon: EmbeddedDaemon, _ meter: PairMeter, _ config: String) {
        self.daemon = daemon
        self.meter = meter
        self.config = config
        pauseMeter = PauseMeter(daemon.service)
    }

    func row(_ step: String, _ figure: String, _ value: Double) {
        print("\(step)\t\(figure)\t\(value)")
        fflush(nil)
    }

    /// Forgets the pauses so far.
    func reset() {
        _ = pauseMeter.take()
        _ = meter.takeEchoes()
    }

    func pauses(_ step: String) {
        row(step, "longest pause of a loop, ms", pauseMeter.take() * 1e3)
        let echoes = meter.takeEchoes()
        if echoes.count > 0 { row(step, "longest way of a stanza there and back, ms", echoes.slowest * 1e3) }
    }

    /// Runs `ligasectl`.
    func control(_ step: String, _ arguments: String...) throws {
        reset()
        let before = ProcessCost.current
        let program = "\(try Program.directoryOfThisProgram())/ligasectl"
        let output = try Program.run(program, ["--config", config] + arguments, within: .seconds(300))
        let after = ProcessCost.current
        row(step, "time, s", after.wall - before.wall)
        row(step, "CPU of the daemon, s", after.processor - before.processor)
        row(step, "output, KiB", Double(output.utf8.count) / 1024)
        row(step, "memory of the daemon, MiB", Double(ProcessUsage(process: getpid()).residentBytes) / 1_048_576)
        pauses(step)
    }

    func stop() { pauseMeter.stop() }
}

/// Messages of the provider to a remote server, which echoes them: one at a time, all the time.
private final class SteadyTraffic: Sendable {
    private let isOver = Atomic(false)

    init(_ service: FederationService, _ meter: PairMeter) {
        guard let provider = try? DomainName(TenantPlan.provider) else { return }
        Task.detached(priority: .high) { [self] in
            while !isOver.load(ordering: .relaxed) {
                if meter.begin() {
                    let message = Stanza(
                        .message, from: "user@\(provider)", to: "echo@\(TenantPlan.remote(0))", id: nil, type: "chat",
                        content: Array("<body>~</body>".utf8))
                    service.submit([message], from: provider)
                }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    func stop() { isOver.store(true, ordering: .relaxed) }
}
