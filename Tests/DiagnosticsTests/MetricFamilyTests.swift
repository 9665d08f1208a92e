import Diagnostics
import Testing

@Suite("metrics as text")
struct MetricFamilyTests {
    @Test func `a family has its help, its type and its samples`() {
        let family = MetricFamily(
            "ligase_listener_up", .gauge, "Whether\na \\ listens.",
            samples: [.init(1, [.init("listener", "s2s"), .init("address", "[::]:5269")]), .init(0)])
        #expect(
            family.text == """
                # HELP ligase_listener_up Whether\\na \\\\ listens.
                # TYPE ligase_listener_up gauge
                ligase_listener_up{listener="s2s",address="[::]:5269"} 1
                ligase_listener_up 0

                """)
    }

    @Test func `a label holds any text`() {
        let family = MetricFamily("x", .counter, "y", samples: [.init(-3, [.init("a", "q\"b\\c\nd ü")])])
        #expect(family.text.hasSuffix("x{a=\"q\\\"b\\\\c\\nd ü\"} -3\n"))
    }

    @Test(arguments: Metric.allCases)
    func `every metric has the prefix, and the ending of its kind`(metric: Metric) {
        let text = MetricFamily(metric, value: 7).text
        #expect(metric.name.hasPrefix("ligase_") && metric.name.hasSuffix("_total") != metric.isGauge)
        #expect(text.contains("# TYPE \(metric.name) \(metric.isGauge ? "gauge" : "counter")\n"))
        #expect(text.hasSuffix("\n\(metric.name) 7\n"))
    }
}
