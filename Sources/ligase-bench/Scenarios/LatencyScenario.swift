internal import EventLoops

// The time from the write on a stream to the read at the component, at a rate that leaves every server idle at times.
extension Experiment {
    private static let rate = 10_000.0

    func runLatency() throws -> [Figure] {
        try openStreams(0..<8)
        var delays: [UInt64] = []
        delays.reserveCapacity(Int(Self.rate * (seconds + 2)))
        var sent = 0
        var isOver = false
        let begin = LoopTime.current.nanoseconds
        var lanes: [PeerConnection] = []
        loop.run { lanes = openWires }
        let templates = (0..<lanes.count).map { number in
            StampedMessage(from: Laboratory.remote(number), to: Laboratory.domain, size: 200)
        }
        // The loop spins, since a timer of a millisecond would send ten at once.
        func tick() {
            guard !isOver else { return }
            let due = Int(Double(LoopTime.current.nanoseconds - begin) * Self.rate / 1e9)
            while sent < due {
                let lane = sent % lanes.count
                let now = LoopTime.current.nanoseconds
                templates[lane].withStamp(now) { lanes[lane].write($0) }
                sent += 1
            }
            loop.afterTurn(tick)
        }
        let reader = StampReader { delays.append(LoopTime.current.nanoseconds - $0) }
        loop.run {
            inspect = reader.read
            loop.afterTurn(tick)
        }
        let warmUp = Int(Self.rate)
        let traffic = try measure("stanza") { received }
        loop.run { isOver = true }
        try wait("the last stanzas", within: 10) { received >= sent }
        let sorted = loop.run { delays.dropFirst(warmUp).sorted() }
        guard !sorted.isEmpty else { throw BenchmarkFailure("nothing arrived") }
        func percentile(_ part: Double) -> Double {
            Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1000
        }
        return [
            Figure(name: "p50", value: percentile(0.5), unit: "µs"),
            Figure(name: "p99", value: percentile(0.99), unit: "µs"),
            Figure(name: "p99.9", value: percentile(0.999), unit: "µs"),
        ] + traffic
    }
}
