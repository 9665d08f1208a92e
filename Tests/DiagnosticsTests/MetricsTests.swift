import Testing

@testable import Diagnostics

@Suite("Metrics")
struct MetricsTests {
    @Test func `every metric has room, and a name of its own with its prefix and unit`() {
        #expect(Metric.allCases.allSatisfy { (0..<64).contains($0.rawValue) })
        #expect(Set(Metric.allCases.map(\.name)).count == Metric.allCases.count)
        for metric in Metric.allCases {
            #expect(metric.name.hasPrefix("ligase_"))
            #expect(metric.name.hasSuffix("_total") != metric.isGauge)
            #expect(metric.summary.hasSuffix("."))
        }
    }

    @Test func `a batch is added once`() {
        let metrics = Metrics()
        var batch = MetricsBatch()
        batch.add(3, to: .stanzasReceived)
        batch.add(4, to: .stanzasReceived)
        batch.add(-2, to: .queuedStanzas)
        metrics.add(&batch)
        metrics.add(&batch)
        #expect(metrics[.stanzasReceived] == 7)
        #expect(metrics[.queuedStanzas] == -2)
        #expect(metrics[.stanzasSent] == 0)
        metrics.set(.queuedStanzas, to: 9)
        #expect(metrics[.queuedStanzas] == 9)
    }

    @Test func `loops that count at once lose nothing`() async {
        let metrics = Metrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<10_000 { metrics.add(1, to: .bytesSent) } }
            }
        }
        #expect(metrics[.bytesSent] == 40_000)
    }

    @Test func `the environment of the process is read`() {
        #expect(ProcessEnvironment.variables["PATH"]?.isEmpty == false)
    }
}
