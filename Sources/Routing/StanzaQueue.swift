internal import DequeModule
internal import XMPPModel

/// Stanzas of one pair that wait, in order; oldest first.
struct StanzaQueue: Sendable {
    private struct Waiting: Sendable {
        var stanza: Stanza
        var since: Double
    }

    private var waiting: Deque<Waiting> = []
    /// The octets of all stanzas in it.
    private(set) var byteCount = 0

    /// The number of stanzas in it.
    var count: Int { waiting.count }
    /// Whether nothing waits.
    var isEmpty: Bool { waiting.isEmpty }
    /// Since when the oldest stanza waits.
    var oldest: Double? { waiting.first?.since }

    /// Adds a stanza behind the others.
    mutating func append(_ stanza: Stanza, since now: Double) {
        byteCount += stanza.byteCount
        waiting.append(Waiting(stanza: stanza, since: now))
    }

    /// Puts a stanza back before the others.
    mutating func prepend(_ stanza: Stanza, since: Double) {
        byteCount += stanza.byteCount
        waiting.prepend(Waiting(stanza: stanza, since: since))
    }

    /// Takes out all.
    mutating func removeAll() -> [Stanza] {
        let stanzas = waiting.map(\.stanza)
        waiting = []
        byteCount = 0
        return stanzas
    }

    /// Takes out what began to wait at `limit` or before.
    mutating func removeExpired(since limit: Double) -> [Stanza] {
        var expired: [Stanza] = []
        while let first = waiting.first, first.since <= limit {
            byteCount -= first.stanza.byteCount
            expired.append(first.stanza)
            waiting.removeFirst()
        }
        return expired
    }
}
