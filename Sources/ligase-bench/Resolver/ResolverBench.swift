internal import ArgumentParser
internal import DNSMessages
internal import EventLoops
internal import Glibc
internal import TestSupport

/// Measures validated lookups, and `unbound` beside them; and what encrypted transports add.
struct ResolverBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolver", abstract: "Measures validated lookups, and unbound beside them.",
        discussion: """
            Both ask the same name server in this process, and have one core. Ligase's resolver asks itself; unbound is \
            asked over UDP by this process, which its figures include. Docs/Performance.md says more.
            """)

    @Option(help: "Questions under way at once.")
    var window = 32

    @Flag(help: "Leave unbound out, and the encrypted transports, which need it.")
    var withoutUnbound = false

    func run() throws {
        try CoreAssignment.takeGeneratorCore()
        Bench.note("signing zones")
        let laboratory = try ResolverLaboratory()
        Bench.note("Ligase")
        let own = try measureLigase(laboratory)
        var other: [ResolverFigures] = []
        if !withoutUnbound {
            Bench.note("unbound")
            other = try measureUnbound(laboratory)
        }
        printTable(own, other)
        if !withoutUnbound { try measureTransports(laboratory) }
    }

    // MARK: - Lookups

    private func measureLigase(_ laboratory: ResolverLaboratory) throws -> [ResolverFigures] {
        let text = try subject(
            laboratory.upstream.description, laboratory,
            ["--validates", "--window", "\(window)"] + ResolverPhase.allCases.map(\.rawValue))
        return text.split(separator: "\n").compactMap(ResolverFigures.init)
    }

    private func subject(
        _ server: String, _ laboratory: ResolverLaboratory, _ arguments: [String]
    ) throws -> String {
        try Program.run(
            "taskset",
            [
                "-c", "\(CoreAssignment.server)", try "\(Program.directoryOfThisProgram())/ligase-bench",
                "resolver-subject", "--server", server, "--anchor-file", laboratory.anchorFile, "--authority-file",
                laboratory.authorityFile,
            ] + arguments, within: .seconds(120))
    }

    private func measureUnbound(_ laboratory: ResolverLaboratory) throws -> [ResolverFigures] {
        let unbound = try UnboundUnderTest(in: laboratory, validates: true, onCore: CoreAssignment.server)
        defer { unbound.stop() }
        let loop = try EventLoop(name: "load")
        defer { loop.stop() }
        return try ResolverPhase.allCases.map { phase in
            let before = (unbound.usage, LoopTime.current)
            let questions = phase.questions
            try ask(questions, at: SocketAddress("\(unbound.plain)"), on: loop)
            let after = (unbound.usage, LoopTime.current)
            return ResolverFigures(
                phase: phase, lookups: questions.count,
                processor: after.0.processorSeconds - before.0.processorSeconds,
                wall: Double(after.1.nanoseconds - before.1.nanoseconds) / 1e9,
                memory: after.0.residentBytes - before.0.residentBytes)
        }
    }

    private func ask(_ questions: [DNSQuestion], at server: SocketAddress, on loop: EventLoop) throws {
        let load = loop.run { [window] in
            let load = DatagramLoad(questions, window: window)
            load.start(at: server, on: loop)
            return LoopReference(load, on: loop)
        }
        defer { load.run { $0.stop() } }
        var answered = 0
        try Bench.wait(
            for: "unbound: \(answered) of \(questions.count)", within: .seconds(60), every: .milliseconds(2)
        ) {
            let state = load.run { ($0.isOver, $0.failure, $0.answered) }
            if let failure = state.1 { throw BenchmarkFailure("unbound: \(failure)") }
            answered = state.2
            return state.0
        }
    }

    private func printTable(_ own: [ResolverFigures], _ other: [ResolverFigures]) {
        print("| lookups | figure | Ligase | unbound | Ligase : unbound |\n| --- | --- | --- | --- | --- |")
        for figures in own {
            let theirs = other.first { $0.phase == figures.phase }
            row(figures, theirs, "CPU for each, µs") { $0.processor / Double($0.lookups) * 1e6 }
            row(figures, theirs, "lookups a second") { Double($0.lookups) / $0.wall }
            if figures.phase == .warm {
                row(figures, theirs, "memory for each name kept, bytes") { Double($0.memory) / Double($0.lookups) }
            }
        }
    }

    private func row(
        _ own: ResolverFigures, _ other: ResolverFigures?, _ title: String, _ value: (ResolverFigures) -> Double
    ) {
        let theirs = other.map(value)
        let ratio = theirs.map { Numbers.short($0 > 0 ? value(own) / $0 : 0) } ?? "-"
        print(
            "| \(own.phase.rawValue), \(own.lookups) | \(title) | \(Numbers.short(value(own))) | "
                + "\(theirs.map(Numbers.short) ?? "-") | \(ratio) |")
    }

    // MARK: - Transports

    /// One lookup after the other through an unbound that has the answers, over each transport in turn.
    private func measureTransports(_ laboratory: ResolverLaboratory) throws {
        let unbound = try UnboundUnderTest(in: laboratory, validates: false, onCore: CoreAssignment.generator)
        defer { unbound.stop() }
        print("\n| transport on a kept connection | median of a lookup, µs | over UDP |\n| --- | --- | --- |")
        var clear: Double?
        // The first round fills unbound's cache.
        for (name, server) in [
            ("", "\(unbound.plain)"), ("UDP", "\(unbound.plain)"), ("DNS over TLS", "tls://\(unbound.tls)"),
            ("DNS over HTTPS", "https://\(unbound.https)"),
        ] {
            Bench.note("transport \(name)")
            let text = try subject(server, laboratory, ["--prints-latency", "--window", "1", "warm"])
            guard let word = text.split(separator: " ").last, let latency = Double(word.filter { $0 != "\n" }) else {
                throw BenchmarkFailure("\(name): \(text)")
            }
            if name == "UDP" { clear = latency }
            guard !name.isEmpty else { continue }
            print(
                "| \(name) | \(Numbers.short(latency * 1e6)) | +\(Numbers.short((latency - (clear ?? latency)) * 1e6)) µs |"
            )
        }
    }
}
