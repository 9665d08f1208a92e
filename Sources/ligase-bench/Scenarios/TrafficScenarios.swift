internal import EventLoops

// Stanzas at full speed: no more than a window of them is on the way, so that no server has to queue without end.
extension Experiment {
    func runInbound(size: Int, window: Int, burst: Int) throws -> [Figure] {
        try openStreams(0..<8)
        return try measureTraffic(window: window, burst: burst) {
            openWires.enumerated().map { number, wire in
                (wire, Message.make(from: Laboratory.remote(number), to: Laboratory.domain, size: size))
            }
        }
    }

    func runOutbound() throws -> [Figure] {
        acceptStreams()
        guard let wire = component?.wire else { throw BenchmarkFailure("no component") }
        let lanes = (0..<16).map {
            (wire, Message.make(from: Laboratory.domain, to: Laboratory.remote($0), size: 200))
        }
        // One to each first, so that no queue is full while the streams are made.
        loop.run { for lane in lanes { lane.0.write(lane.1) } }
        try wait("streams out", within: 30) { received >= lanes.count }
        return try measureTraffic(window: 4096, burst: 4) { lanes }
    }

    private func measureTraffic(
        window: Int, burst: Int, lanes makeLanes: () -> [(PeerConnection, [UInt8])]
    ) throws -> [Figure] {
        var lanes: [(wire: PeerConnection, message: [UInt8])] = []
        let before = loop.run { received }
        var sent = 0
        var next = 0
        func pump() {
            while sent - (received - before) + burst <= window {
                let lane = lanes[next]
                next = (next + 1) % lanes.count
                lane.message.withUnsafeBytes { bytes in
                    for _ in 0..<burst { lane.wire.write(bytes) }
                }
                sent += burst
            }
        }
        loop.run {
            lanes = makeLanes()
            counted = pump
            pump()
        }
        defer { loop.run { counted = nil } }
        let figures = try measure("stanza") { received }
        loop.run { counted = nil }
        try wait("the last stanzas", within: 10) { received - before >= sent }
        return figures
    }
}
