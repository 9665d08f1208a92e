internal import EventLoops

// Streams from remote servers, from the connection to the last features, and their end.
extension Experiment {
    func runHandshakes() throws -> [Figure] {
        var completed = 0
        var isOver = false
        var open: [ObjectIdentifier: InitiatingPeer] = [:]
        var failures = 0
        var lastFailure: String?
        var next = 0
        func begin() {
            let peer = makePeer(next % 64)
            next += 1
            open[ObjectIdentifier(peer)] = peer
            peer.established = { $0.close() }
            peer.ended = { peer, reason in
                open[ObjectIdentifier(peer)] = nil
                if let reason {
                    failures += 1
                    lastFailure = reason
                } else {
                    completed += 1
                }
                if !isOver { begin() }
            }
            peer.start(at: server.s2s, on: loop)
        }
        loop.run { for _ in 0..<8 { begin() } }
        let figures = try measure("handshake") { completed }
        loop.run { isOver = true }
        try wait("the last streams to close", within: 10) { open.isEmpty }
        if failures > completed / 100 { throw BenchmarkFailure("\(failures) failures: \(lastFailure ?? "")") }
        return figures
    }
}
