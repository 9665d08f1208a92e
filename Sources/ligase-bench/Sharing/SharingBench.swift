internal import ArgumentParser
internal import Glibc
internal import TestSupport

/// Measures how long the first stanza of a pair takes, on a stream that is there and on one that is not.
struct SharingBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sharing", abstract: "Measures fresh pairs on streams that exist, and on fresh streams.",
        discussion: """
            Ligase and Prosody open streams to the same Ligase, over loopback, each alone on its core but for the others that \
            wait; they take turns. The time is that from a component's stanza to its arrival. Docs/Performance.md says more.
            """)

    @Option(help: "Pairs measured of each kind.")
    var samples = 30

    @Flag(help: "Leave Prosody out.")
    var withoutProsody = false

    func validate() throws {
        guard (2...60).contains(samples) else { throw ValidationError("--samples must be between 2 and 60") }
    }

    private struct Result {
        var seconds: [Double] = []
        var processor = 0.0
        /// Connections that came to the receiving server, and that it opened itself.
        var accepted = 0
        var opened = 0
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try CoreAssignment.takeGeneratorCore()
        let initiators = SharingInitiator.allCases.filter { !withoutProsody || !$0.isProsody }
        // The first of each kind warms up.
        let laboratory = try SharingLaboratory(samples: samples + 1, initiators: initiators)
        let servers = try initiators.map { try SharingServer($0, in: laboratory) }
        var results: [SharingInitiator: [SharingCase: Result]] = [:]
        for number in 0...samples {
            Bench.note("\(number) of \(samples)")
            for server in servers {
                for which in server.initiator.cases {
                    let connections = laboratory.facts.connections
                    let before = server.processorSeconds
                    let seconds = try server.measure(number, which)
                    guard number > 0 else { continue }
                    let after = laboratory.facts.connections
                    var result = results[server.initiator]?[which] ?? Result()
                    result.seconds.append(seconds)
                    result.processor += server.processorSeconds - before
                    result.accepted += after.accepted - connections.accepted
                    result.opened += after.initiated - connections.initiated
                    results[server.initiator, default: [:]][which] = result
                }
            }
        }
        let base = (results[.ligaseExternal]?[.freshStream]?.seconds ?? []).median
        print(
            "| initiating | fresh pair | median, ms | slowest tenth from, ms | of a fresh stream by EXTERNAL | CPU of the "
                + "initiating server, ms | connections to the receiving server | connections from it |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- |")
        for initiator in initiators {
            for which in initiator.cases {
                guard let result = results[initiator]?[which] else { continue }
                let sorted = result.seconds.sorted()
                let middle = sorted.median
                let cells = [
                    initiator.title, which.title(for: initiator), Numbers.decimal(middle * 1e3),
                    Numbers.decimal(sorted[sorted.count * 9 / 10] * 1e3), Numbers.decimal(middle / base),
                    Numbers.decimal(result.processor / Double(samples) * 1e3), "\(result.accepted)", "\(result.opened)",
                ]
                print("| \(cells.joined(separator: " | ")) |")
            }
        }
        for server in servers { server.stop() }
        try laboratory.stop()
    }
}
