internal import ArgumentParser
internal import TestSupport

/// Measures what one stream of many domain pairs costs.
struct PairBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Measures many domain pairs on one stream.",
        discussion: """
            Streams without connections, XML and dialback keys included, whose proofs are given at once: how many pairs they \
            establish, and what each costs either end in memory. Docs/Performance.md says more.
            """)

    @Option(help: "Pairs on one stream.")
    var pairs = 10_000

    @Option(help: "How often each figure is measured; the median counts.")
    var rounds = 3

    /// What a pair may cost in memory over everything, octets.
    static let mark = 1024

    func validate() throws {
        guard (100...100_000).contains(pairs) else { throw ValidationError("--pairs must be between 100 and 100000") }
        guard (1...99).contains(rounds) else { throw ValidationError("--rounds must be between 1 and 99") }
    }

    func run() throws {
        try CoreAssignment.takeGeneratorCore()
        print("| sender proved by | what | a pair | mark |\n| --- | --- | --- | --- |")
        for proof in PairProof.allCases {
            for figure in PairSubject.Figure.allCases {
                Bench.note("\(proof.title): \(figure.rawValue)")
                let results = try (0..<rounds).map { _ in try measure(figure, proof) }
                print("| \(proof.title) | \(Self.text(figure, results)) |")
            }
        }
    }

    private func measure(_ figure: PairSubject.Figure, _ proof: PairProof) throws -> (processor: Double, memory: Double)
    {
        let text = try Program.run(
            "taskset",
            [
                "-c", "\(CoreAssignment.server)", try "\(Program.directoryOfThisProgram())/ligase-bench",
                "pair-subject", "--figure", figure.rawValue, "--proof", proof.rawValue, "--pairs", "\(pairs)",
            ], within: .seconds(120))
        let words = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard words.count == 3, words[0] > 0 else { throw BenchmarkFailure(text) }
        return (words[1] / words[0], words[2] / words[0])
    }

    private static func text(
        _ figure: PairSubject.Figure, _ results: [(processor: Double, memory: Double)]
    ) -> String {
        let processor = results.map(\.processor).median
        let memory = Int(results.map(\.memory).median.rounded())
        let verdict = memory <= mark ? "met" : "MISSED"
        return switch figure {
        case .rate:
            "both ends, \(Int((1 / processor).rounded())) pairs a second | \(Int((processor * 1e6).rounded())) µs | -"
        case .initiating: "the end that asks | \(memory) octets | \(verdict)"
        case .receiving: "the end that is asked | \(memory) octets | \(verdict)"
        }
    }
}
