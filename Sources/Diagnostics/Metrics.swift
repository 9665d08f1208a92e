internal import Synchronization

/// What the process counts, without locks: written by every loop, read by whoever shows it.
///
/// A hot path does not come here for every stanza: it counts in a ``MetricsBatch`` of its own and adds that once a turn.
public final class Metrics: Sendable {
    private let values = InlineArray<64, Atomic<Int>>({ _ in Atomic(0) })

    /// Makes counters that stand at zero.
    public init() {}

    /// The value of a counter or gauge.
    public subscript(_ metric: Metric) -> Int { values[metric.rawValue].load(ordering: .relaxed) }

    /// Adds to a counter, or moves a gauge up or (by a negative amount) down.
    public func add(_ amount: Int, to metric: Metric) {
        values[metric.rawValue].wrappingAdd(amount, ordering: .relaxed)
    }

    /// Sets a gauge that only one place writes.
    public func set(_ metric: Metric, to value: Int) {
        values[metric.rawValue].store(value, ordering: .relaxed)
    }

    /// Adds a batch and empties it.
    public func add(_ batch: inout MetricsBatch) {
        batch.drain { metric, amount in add(amount, to: metric) }
    }
}
