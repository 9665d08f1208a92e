internal import EventLoops

// Streams that the server opens: name resolution, connection, TLS, EXTERNAL and the first stanza.
extension Experiment {
    func runDials() throws -> [Figure] {
        acceptStreams()
        guard let wire = component?.wire else { throw BenchmarkFailure("no component") }
        let total = min(4_000, max(500, Int(seconds * 400)))
        let messages = (0..<total).map {
            Message.make(from: Laboratory.domain, to: Laboratory.remote(1000 + $0), size: 200)
        }
        var sent = 0
        func dial() {
            while sent < total, sent - received < 16 {
                wire.write(messages[sent])
                sent += 1
            }
        }
        let warmUp = total / 10
        loop.run {
            counted = dial
            dial()
        }
        try wait("the first streams out", within: 60) { received >= warmUp }
        let start = loop.run { (LoopTime.current, server.usage.processorSeconds, received) }
        try wait("all streams out", within: 60) { received >= total }
        let end = loop.run { (LoopTime.current, server.usage.processorSeconds, received) }
        loop.run { counted = nil }
        let wall = Double(end.0.nanoseconds - start.0.nanoseconds) / 1e9
        return try Self.figures("dial", work: end.2 - start.2, processor: end.1 - start.1, wall: wall)
    }
}
