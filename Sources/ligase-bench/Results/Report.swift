/// All measurements of a run, as a table for people or a document for programs.
struct Report {
    private struct Row {
        let scenario: ScenarioName
        let figure: Figure
        /// The median of each server.
        let values: [ServerKind: Double]
    }

    private let measurements: [Measurement]
    private let servers: [ServerKind]

    init(_ measurements: [Measurement]) {
        self.measurements = measurements
        servers = ServerKind.allCases.filter { kind in measurements.contains { $0.server == kind } }
    }

    /// Columns: scenario, figure, one for each server, and how Ligase stands to each of the others.
    var table: String {
        let others = servers.filter { $0 != .ligase }
        let hasRatios = servers.contains(.ligase)
        var lines = [
            ["scenario", "figure"] + servers.map(\.title) + (hasRatios ? others.map { "Ligase : \($0.title)" } : [])
        ]
        for row in rows {
            let values = servers.map { row.values[$0].map { "\(Self.text($0)) \(row.figure.unit)" } ?? "-" }
            let ratios = others.map { other in
                guard let own = row.values[.ligase], let theirs = row.values[other], theirs > 0 else { return "-" }
                return Self.text(own / theirs)
            }
            lines.append([row.scenario.rawValue, row.figure.name] + values + (hasRatios ? ratios : []))
        }
        var text = lines.enumerated().map { index, cells in
            let line = "| " + cells.joined(separator: " | ") + " |"
            return index == 0 ? line + "\n|" + String(repeating: " --- |", count: cells.count) : line
        }.joined(separator: "\n")
        for (measurement, failure) in failures {
            text += "\n\(measurement.scenario.rawValue), \(measurement.server.title): FAILED: \(failure)"
        }
        return text
    }

    /// An array of objects: scenario, figure, unit, and the median of each server.
    var json: String {
        let objects = rows.map { row in
            let values = servers.compactMap { server in
                row.values[server].map { "\"\(server.rawValue)\": \($0)" }
            }
            return "{\"scenario\": \"\(row.scenario.rawValue)\", \"figure\": \"\(row.figure.name)\", "
                + "\"unit\": \"\(row.figure.unit)\", \(values.joined(separator: ", "))}"
        }
        return "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private var rows: [Row] {
        var rows: [Row] = []
        for scenario in ScenarioName.allCases {
            let here = measurements.filter { $0.scenario == scenario }
            guard let figures = here.lazy.compactMap({ try? $0.outcome.get() }).first else { continue }
            for (index, figure) in figures.enumerated() {
                var values: [ServerKind: [Double]] = [:]
                for measurement in here {
                    guard let all = try? measurement.outcome.get(), index < all.count else { continue }
                    values[measurement.server, default: []].append(all[index].value)
                }
                rows.append(Row(scenario: scenario, figure: figure, values: values.mapValues(\.median)))
            }
        }
        return rows
    }

    private var failures: [(Measurement, BenchmarkFailure)] {
        measurements.compactMap { measurement in
            if case .failure(let failure) = measurement.outcome { (measurement, failure) } else { nil }
        }
    }

    /// Three significant digits are more than a shared machine can promise.
    private static func text(_ value: Double) -> String {
        let decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
        let scale = [1.0, 10, 100][decimals]
        let scaled = Int((value * scale).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
