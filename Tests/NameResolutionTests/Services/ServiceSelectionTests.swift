import NameResolution
import TestSupport
import Testing

@Suite("SRV priorities and weights (RFC 2782)")
struct ServiceSelectionTests {
    private struct Entry {
        let priority: UInt16
        let weight: UInt16
    }

    private static func order(
        _ entries: [Entry], using generator: inout SeededGenerator
    ) -> [Entry] {
        ServiceSelection.order(entries, priority: \.priority, weight: \.weight, using: &generator)
    }

    @Test(arguments: [(0, 0), (1, 10), (10, 10), (11, 60), (70, 60), (71, 30), (100, 30)])
    func `DN-04: the number drawn chooses the first running sum that reaches it`(drawn: Int, weight: UInt16) {
        let weights: [UInt16] = [0, 10, 60, 30]
        #expect(weights[ServiceSelection.choice(among: weights, drawn: drawn)] == weight)
    }

    @Test func `DN-04: first choices follow the weights`() {
        var generator = SeededGenerator(state: 2782)
        let entries = [10, 60, 30, 0].map { Entry(priority: 1, weight: $0) }
        var firsts: [UInt16: Int] = [:]
        for _ in 0..<10_000 { firsts[Self.order(entries, using: &generator)[0].weight, default: 0] += 1 }
        for (weight, share) in [(UInt16(10), 1000), (60, 6000), (30, 3000)] {
            #expect(abs((firsts[weight] ?? 0) - share) < 300)
        }
        #expect((1..<300).contains(firsts[0] ?? 0))
    }

    @Test func `DN-04: with zero weights only every order occurs`() {
        var generator = SeededGenerator(state: 5)
        var seen: Set<[Int]> = []
        for _ in 0..<500 {
            let order = ServiceSelection.order(
                [1, 2, 3], priority: { _ in 0 }, weight: { _ in 0 }, using: &generator)
            seen.insert(order)
        }
        #expect(seen.count == 6)
    }

    @Test func `DN-03: a lower priority comes first, whatever the weight`() {
        var generator = SeededGenerator(state: 1)
        for _ in 0..<200 {
            let entries = [
                Entry(priority: 20, weight: 65_535), Entry(priority: 10, weight: 0), Entry(priority: 15, weight: 1),
            ]
            #expect(Self.order(entries, using: &generator).map(\.priority) == [10, 15, 20])
        }
    }

    @Test func `the largest weights do not overflow`() {
        var generator = SeededGenerator(state: 1)
        let entries = (0..<1000).map { _ in Entry(priority: 0, weight: .max) }
        #expect(Self.order(entries, using: &generator).count == 1000)
    }
}
