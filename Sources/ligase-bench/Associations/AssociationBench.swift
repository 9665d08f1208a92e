internal import ArgumentParser
internal import EventLoops
internal import Glibc
internal import TestSupport

/// Measures how fast remote domains are proved, and what a proof adds to a dial.
struct AssociationBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "associations", abstract: "Measures proofs of remote domains by PKIX, DANE and POSH.",
        discussion: """
            The engine alone, then whole dials of ligased, each cold and warm; then dials where everybody takes their time, \
            which shows what waits for what. Docs/Performance.md says more.
            """)

    @Argument(help: "What proves: pkix, dane, posh. All by default.")
    var kinds: [ProofKind] = []

    @Option(help: "Remote domains, each a signed zone.")
    var domains = 300

    @Option(help: "Claims or dials under way at once.")
    var window = 16

    @Option(help: "Dials timed one by one in each setting.")
    var dials = 30

    /// What everybody takes, in milliseconds: name server, web server, remote server.
    private static let settings: [(names: Int, documents: Int, streams: Int)] = [
        (0, 0, 0), (20, 60, 40), (20, 200, 40), (20, 60, 200),
    ]

    /// What a dial with proof may take, as a multiple of the lookup and the slower of dial and fetch.
    private static let mark = 1.2

    func validate() throws {
        guard (2...5000).contains(domains) else { throw ValidationError("--domains must be between 2 and 5000") }
        guard (1..<domains).contains(dials) else { throw ValidationError("--dials must be below --domains") }
        guard (1...256).contains(window) else { throw ValidationError("--window must be between 1 and 256") }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try CoreAssignment.takeGeneratorCore()
        Bench.note("signing zones")
        let laboratory = try AssociationLaboratory(domains: domains)
        let kinds = kinds.isEmpty ? ProofKind.allCases : kinds
        print("| proof | what | CPU for each, µs | a second |\n| --- | --- | --- | --- |")
        for kind in kinds {
            Bench.note("engine: \(kind.title)")
            try printEngine(kind, in: laboratory)
        }
        for kind in kinds {
            Bench.note("dials: \(kind.title)")
            try printDials(kind, in: laboratory)
        }
        try printCourses(kinds, in: laboratory)
    }

    // MARK: - How many

    private func printEngine(_ kind: ProofKind, in laboratory: AssociationLaboratory) throws {
        let text = try Program.run(
            "taskset",
            [
                "-c", "\(CoreAssignment.server)", try "\(Program.directoryOfThisProgram())/ligase-bench",
                "association-subject", "--proof", kind.rawValue, "--name-server", laboratory.nameServerAddress,
                "--web-server", laboratory.webServerAddress, "--anchor-file", laboratory.anchorFile,
                "--authority-file", laboratory.authorityFile, "--certificate-file",
                laboratory.certificateFile(for: kind), "--domains", "\(domains)", "--window", "\(window)",
            ], within: .seconds(120))
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 4, let count = Double(words[1]), let processor = Double(words[2]),
                let wall = Double(words[3])
            else { throw BenchmarkFailure(text) }
            row(kind, "engine, \(words[0])", processor / count, count / wall)
        }
    }

    private func printDials(_ kind: ProofKind, in laboratory: AssociationLaboratory) throws {
        let server = try ProvingServer(kind, in: laboratory)
        defer { server.stop() }
        let experiment = try DialExperiment(kind, of: server, in: laboratory)
        for local in AssociationLaboratory.locals.indices {
            let result = try experiment.measureThroughput(from: local, domains: domains, window: window)
            row(kind, "dial, \(local == 0 ? "cold" : "warm")", result.processor, result.rate)
        }
    }

    private func row(_ kind: ProofKind, _ what: String, _ processor: Double, _ rate: Double) {
        print("| \(kind.title) | \(what) | \(Int((processor * 1e6).rounded())) | \(Int(rate.rounded())) |")
    }

    // MARK: - How long

    /// A proof that needs nothing shows what lookup and dial take; the others are held against these. All take turns, so
    /// that what else the machine does meets them alike.
    private func printCourses(_ kinds: [ProofKind], in laboratory: AssociationLaboratory) throws {
        print(
            "\n| DNS, web, dial | proof | lookup | dial | fetch | all | bound | all : bound | mark \(Self.mark) |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        let kinds = ProofKind.allCases.filter { $0 == .pkix || kinds.contains($0) }
        for setting in Self.settings {
            Bench.note("delays \(setting)")
            laboratory.setDelays(
                .init(
                    names: .milliseconds(setting.names), documents: .milliseconds(setting.documents),
                    streams: .milliseconds(setting.streams)))
            let courses = try courses(of: kinds, in: laboratory)
            let plain = courses[.pkix] ?? []
            let lookup = plain.map(\.connected).median
            let dial = plain.map { $0.delivered - $0.connected }.median
            for kind in kinds {
                let found = courses[kind] ?? []
                let all = found.map(\.delivered).median
                let fetches = found.compactMap(\.published)
                let bound = lookup + max(dial, fetches.median)
                // Without delays there is nothing that could be done at the same time, on one core.
                let isHeld = setting.names > 0
                let cells = [
                    "\(setting.names), \(setting.documents), \(setting.streams)", kind.title, Self.text(lookup),
                    Self.text(dial), fetches.isEmpty ? "-" : Self.text(fetches.median), Self.text(all),
                    Self.text(bound), Self.text(all / bound / 1000),
                    !isHeld ? "-" : all <= Self.mark * bound ? "met" : "MISSED",
                ]
                print("| \(cells.joined(separator: " | ")) |")
            }
        }
        laboratory.setDelays(.init())
    }

    private func courses(
        of kinds: [ProofKind], in laboratory: AssociationLaboratory
    ) throws -> [ProofKind: [DialExperiment.Course]] {
        let servers = try kinds.map { try ProvingServer($0, in: laboratory) }
        defer { for server in servers { server.stop() } }
        let experiments = try zip(kinds, servers).map { try DialExperiment($0, of: $1, in: laboratory) }
        var courses: [ProofKind: [DialExperiment.Course]] = [:]
        // The first one finds the zones above.
        for number in 0..<dials + 1 {
            for (kind, experiment) in zip(kinds, experiments) {
                let course = try experiment.measureCourse(to: number)
                if number > 0 { courses[kind, default: []].append(course) }
            }
        }
        return courses
    }

    /// Seconds in milliseconds.
    private static func text(_ value: Double) -> String { Numbers.decimal(value * 1e3) }
}
