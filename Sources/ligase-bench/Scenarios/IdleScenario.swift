internal import EventLoops
internal import Glibc

// Streams that are open and say nothing.
extension Experiment {
    func runIdle() throws -> [Figure] {
        // The first streams pay for what all share.
        try openStreams(0..<16)
        let base = try settled()
        try openStreams(16..<2_016, limit: 60)
        let small = try settled()
        try openStreams(2_016..<10_016, limit: 60)
        let large = try settled()
        func each(_ bytes: Int, _ count: Int) -> Double { Double(bytes - base) / Double(count) / 1024 }
        return [
            Figure(name: "for each stream, of 2,000", value: each(small, 2_000), unit: "KB"),
            Figure(name: "for each stream, of 10,000", value: each(large, 10_000), unit: "KB"),
            Figure(name: "of the whole process at 10,000", value: Double(large) / 1_048_576, unit: "MB"),
        ]
    }

    /// Resident memory once it falls no more.
    private func settled() throws -> Int {
        sleep(4)
        var lowest = server.usage.residentBytes
        var quiet = 0
        while quiet < 3 {
            sleep(1)
            let now = server.usage.residentBytes
            quiet = now < lowest - 65_536 ? 0 : quiet + 1
            lowest = min(lowest, now)
        }
        return lowest
    }
}
