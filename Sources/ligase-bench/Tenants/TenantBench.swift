internal import ArgumentParser
internal import Assembly
internal import EventLoops
internal import Glibc
internal import TestSupport

extension TenantProof: ExpressibleByArgument {}

/// Measures thousands of hosted domains behind one daemon, and their pairs with a few remote servers.
struct TenantBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "Measures thousands of hosted domains, added while the daemon runs.",
        discussion: """
            One process hosts them, another has the remote servers, each a whole daemon; ligasectl asks. Pairs are proved by \
            one certificate that names all tenants, or by dialback where it is withheld or names none. Docs/Performance.md \
            says more.
            """)

    @Option(help: "Hosted domains.")
    var domains = 10_000

    @Option(help: "Remote servers.")
    var remotes = 20

    @Option(help: "Hosted domains that talk with every remote server; all by default.")
    var talking: Int?

    @Option(help: "What proves hosted domains: certificate, withheld or dialback.")
    var proof = TenantProof.certificate

    @Flag(help: "One direction for each stream; else each pair has both.")
    var oneDirection = false

    @Flag(help: "The remote servers answer each stanza, so that both directions are in use.")
    var answered = false

    @Option(help: "How long pairs may take, seconds.")
    var patience = 600

    func validate() throws {
        guard (2...100_000).contains(domains) else { throw ValidationError("--domains must be between 2 and 100000") }
        guard (1...100).contains(remotes) else { throw ValidationError("--remotes must be between 1 and 100") }
        guard (0...domains).contains(talking ?? 0) else { throw ValidationError("--talking is more than --domains") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try CoreAssignment.takeGeneratorCore()
        let directory = try TemporaryDirectory(named: "tenants")
        let plan = try TenantPlan(
            domains: domains, remotes: remotes, proof: proof, isBidirectional: !oneDirection, in: directory)
        let program = "\(try Program.directoryOfThisProgram())/ligase-bench"
        let servers = try ChildProcess(
            program, arguments: ["tenant-remotes"] + plan.remoteFiles, logFile: directory.path(of: "remotes.log"))
        defer { servers.stop(within: .seconds(3)) }
        try servers.wait(for: "the remote servers", within: .seconds(60)) { servers.log.contains("ready") }
        Bench.note("\(domains) domains, \(remotes) remote servers, \(proof.rawValue)")
        let subject = try ChildProcess(
            "taskset",
            arguments: [
                "-c", "\(CoreAssignment.server)", program, "tenant-subject", "--config", plan.configurationFile,
                "--tenant-file", plan.tenantFile, "--domains", "\(domains)", "--remotes", "\(remotes)", "--talking",
                "\(talking ?? domains)", "--patience", "\(patience)",
            ] + (answered ? ["--answered"] : []), logFile: directory.path(of: "subject.log"))
        let status = try subject.waitForExit(within: .seconds(patience * 3))
        guard status == .exited(code: 0) else { throw BenchmarkFailure("\(status)\n\(subject.log.suffix(4000))") }
        print("| step | figure | value |\n| --- | --- | --- |")
        for line in subject.log.split(separator: "\n") {
            let cells = line.split(separator: "\t")
            guard cells.count == 3, let value = Double(cells[2]) else {
                Bench.note(String(line.prefix(400)))
                continue
            }
            Self.printRow(cells[0], cells[1], value)
        }
        printInbound(servers.log)
        try printRestart(plan, program: program, in: directory)
    }

    /// What pairs cost those that they came in to, from the provider's own on.
    private func printInbound(_ log: String) {
        let states = log.split(separator: "\n").compactMap { InboundCost(line: $0) }
        guard let first = states.last(where: { $0.pairs <= remotes }),
            let most = states.map(\.pairs).max(), most > first.pairs,
            // Answers come behind the pairs.
            let last = states.filter({ $0.pairs == most }).max(by: { $0.allocated < $1.allocated })
        else { return }
        let count = Double(last.pairs - first.pairs)
        let title = "\(last.pairs - first.pairs) pairs at the remote servers"
        Self.printRow(title, "CPU for each pair, µs", (last.processor - first.processor) / count * 1e6)
        Self.printRow(title, "memory for each pair, bytes", Double(last.resident - first.resident) / count)
        let allocated = Double(last.allocated - first.allocated) / count
        Self.printRow(title, "memory for each pair as malloc counts it, bytes", allocated)
    }

    /// What was added is there again after a restart.
    private func printRestart(_ plan: TenantPlan, program: String, in directory: TemporaryDirectory) throws {
        let start = LoopTime.current
        let daemon = try ChildProcess(
            "taskset",
            arguments: [
                "-c", "\(CoreAssignment.server)", "\(try Program.directoryOfThisProgram())/ligased", "--config",
                plan.configurationFile,
            ], logFile: directory.path(of: "restart.log"))
        defer { daemon.stop(within: .seconds(10)) }
        let control = "\(try Program.directoryOfThisProgram())/ligasectl"
        try Bench.wait(for: "a restart: \(daemon.log.suffix(1000))", within: .seconds(60)) {
            guard daemon.isRunning else { throw BenchmarkFailure("no restart: \(daemon.log.suffix(1000))") }
            return (try? Program.run(control, ["--config", plan.configurationFile, "status"])) != nil
        }
        let title = "restart with all tenants"
        Self.printRow(title, "until ligasectl status answers, s", (LoopTime.current - start).inSeconds)
        Self.printRow(title, "memory, MiB", Double(daemon.usage.residentBytes) / 1_048_576)
    }

    private static func printRow(_ step: some StringProtocol, _ figure: some StringProtocol, _ value: Double) {
        print("| \(step) | \(figure) | \(Numbers.short(value)) |")
    }
}

extension ChildProcess {
    /// What it has used so far.
    fileprivate var usage: ProcessUsage { ProcessUsage(group: identifier) }
}
