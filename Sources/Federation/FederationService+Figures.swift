public import Diagnostics
internal import EventLoops

/// What has passed over connections.
struct ByteCounts: Sendable {
    var received = 0
    var sent = 0

    mutating func add(_ connection: TCPConnection) {
        received += Int(clamping: connection.bytesReceived)
        sent += Int(clamping: connection.bytesSent)
    }

    mutating func add(_ other: ByteCounts) {
        received += other.received
        sent += other.sent
    }
}

/// What whoever shows metrics asks.
extension FederationService {
    /// Every metric that is counted, as it is now.
    ///
    /// Gauges are taken from what they tell of, and not from what was added and subtracted; so are octets, of which open
    /// connections keep their own account.
    public func figures() async -> [Metric: Int] {
        var figures: [Metric: Int] = [:]
        for metric in Metric.allCases where metric.isCounted { figures[metric] = metrics[metric] }
        let counts = await counts()
        figures[.streams] = counts.streams
        figures[.associations] = counts.associations
        figures[.queuedStanzas] = counts.queuedStanzas
        figures[.queuedBytes] = counts.queuedBytes
        let bytes = await byteCounts()
        figures[.bytesReceived] = bytes.received
        figures[.bytesSent] = bytes.sent
        return figures
    }
}

extension Switchboard {
    /// Of all connections of this loop, ended and open; it never falls.
    var byteCounts: ByteCounts {
        var counts = endedBytes
        for stream in streams.values { counts.add(stream.wire.connection) }
        for backend in backends.values { counts.add(backend.wire.connection) }
        return counts
    }
}
