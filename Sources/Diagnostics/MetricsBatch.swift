/// Counts of one loop that have not been added to ``Metrics`` yet; plain memory, no atomics.
public struct MetricsBatch: Sendable {
    private var amounts = InlineArray<64, Int>(repeating: 0)
    private var isEmpty = true

    /// Makes an empty batch.
    public init() {}

    /// Counts.
    public mutating func add(_ amount: Int, to metric: Metric) {
        amounts[metric.rawValue] &+= amount
        isEmpty = false
    }

    mutating func drain(_ take: (Metric, Int) -> Void) {
        guard !isEmpty else { return }
        isEmpty = true
        for metric in Metric.allCases where amounts[metric.rawValue] != 0 {
            take(metric, amounts[metric.rawValue])
            amounts[metric.rawValue] = 0
        }
    }
}
