import Testing

import XMPPModel

@Suite("Places by hash")
struct PlaceTableTests {
    /// Hashes that are spread, that collide in their low bits, and that are all the same.
    @Test(arguments: [1, 1 << 20, 0])
    func `whatever comes and goes, it finds what is there`(factor: Int) {
        var table = PlaceTable()
        var expected: [Int: Int] = [:]
        var generator = SystemRandomNumberGenerator()
        for step in 0..<2_000 {
            let thing = Int.random(in: 0..<150, using: &generator)
            if let place = expected[thing] {
                if step.isMultiple(of: 3) {
                    table.update(thing &* factor, at: place, to: place + 1_000, count: 7)
                    expected[thing] = place + 1_000
                } else {
                    table.remove(thing &* factor, at: place)
                    expected[thing] = nil
                }
            } else {
                let place = thing * 10_000
                table.insert(thing &* factor, at: place)
                expected[thing] = place
            }
        }
        for thing in 0..<150 {
            let found = table.find(thing &* factor) { $0 / 10_000 == thing || $0 == expected[thing] }
            #expect(found?.place == expected[thing])
        }
    }

    @Test func `an empty one finds nothing, and what is not there cannot be taken out`() {
        var table = PlaceTable()
        #expect(table.find(1) { _ in true } == nil)
        table.remove(1, at: 0)
        table.update(1, at: 0, to: 1, count: 1)
        table.insert(1, at: 5)
        table.remove(1, at: 6)
        #expect(table.find(1) { _ in true }?.place == 5)
    }
}
