internal import ArgumentParser
internal import Glibc

/// Measures `ligased`, and other servers beside it.
struct StreamBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "streams",
        abstract: "Measures ligased, and Prosody and ejabberd beside it, by the processor time of the server alone.",
        discussion: """
            The server under test has one core and one event loop; the load generator has another core. Docs/Performance.md \
            says what each scenario does and what came of it.
            """)

    @Argument(
        help: "What to measure: \(ScenarioName.allCases.map(\.rawValue).joined(separator: ", ")). All by default.")
    var scenarios: [ScenarioName] = []

    @Option(help: "Other servers to measure in the same run: prosody, ejabberd, or both with a comma between.")
    var peers = ""

    @Option(help: "How long each measurement lasts, seconds.")
    var seconds = 5.0

    @Option(help: "How often each measurement is repeated; the median counts.")
    var repeats = 1

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Leave Ligase out.")
    var peersOnly = false

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be above 0, at most 3600") }
        guard (1...99).contains(repeats) else { throw ValidationError("--repeats must be between 1 and 99") }
        _ = try servers
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try CoreAssignment.takeGeneratorCore()
        let laboratory = try Laboratory()
        var measurements: [Measurement] = []
        for scenario in scenarios.isEmpty ? ScenarioName.allCases : scenarios {
            // Round about, so that a change on the machine meets all servers alike.
            for _ in 0..<repeats {
                for server in try servers {
                    Bench.note("\(scenario.rawValue): \(server.title)")
                    measurements.append(measure(scenario, of: server, in: laboratory))
                }
            }
        }
        let report = Report(measurements)
        print(json ? report.json : report.table)
    }

    private var servers: [ServerKind] {
        get throws {
            let named = try peers.split(separator: ",").map { name in
                guard let server = ServerKind(rawValue: String(name)), server != .ligase else {
                    throw ValidationError("--peers knows prosody and ejabberd, not \(name)")
                }
                return server
            }
            return peersOnly ? named : [.ligase] + named
        }
    }

    private func measure(_ scenario: ScenarioName, of kind: ServerKind, in laboratory: Laboratory) -> Measurement {
        var outcome: Result<[Figure], BenchmarkFailure>
        do {
            let server = try ServerUnderTest(kind, in: laboratory)
            defer { server.stop() }
            outcome = .success(try Experiment(server, in: laboratory, seconds: seconds).run(scenario))
        } catch {
            outcome = .failure(BenchmarkFailure("\(error)"))
        }
        return Measurement(server: kind, scenario: scenario, outcome: outcome)
    }
}
