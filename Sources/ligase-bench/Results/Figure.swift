/// One measured figure: what, how much, of what unit. Less is better unless said otherwise.
struct Figure {
    let name: String
    let value: Double
    let unit: String
    var isMoreBetter = false
}

/// What a scenario measured of a server, or why it could not.
struct Measurement {
    let server: ServerKind
    let scenario: ScenarioName
    let outcome: Result<[Figure], BenchmarkFailure>
}

/// Why a scenario came to nothing.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
