internal import XMPPModel

/// Where stanzas for one domain go: to a hosted domain, or out to a remote one.
struct Destination: Sendable {
    /// What the domain is to us.
    enum Kind: Sendable {
        case hosted, remote, blocked
    }

    let name: DomainName
    /// The canonical spelling, for comparison with what stanzas say.
    let spelling: [UInt8]
    var kind: Kind
    /// The slots of its pairs, by local domain.
    var pairs: [DomainName: Int] = [:]
    /// The pair that was used last, before which the dictionary need not be asked.
    var lastPair: (local: DomainName, slot: Int)?
    /// What waits for it, over all pairs.
    var queuedStanzas = 0
    var queuedBytes = 0
    /// Failures that concern the whole domain: it does not exist or cannot be reached.
    var wait: RetryWait?
    /// Whether a pair of it may have failed: with none there is nothing to forget for each of thousands that come about.
    var hasFailedPairs = false
    /// The last batch in which it was a recipient, and the place of its stanzas there.
    var batch: UInt64 = 0
    var bucket = 0

    init(_ name: DomainName, kind: Kind) {
        self.name = name
        self.kind = kind
        spelling = Array(name.description.utf8)
    }

    /// The slot of a local domain's pair.
    mutating func pair(of local: DomainName) -> Int? {
        if let lastPair, lastPair.local == local { return lastPair.slot }
        guard let slot = pairs[local] else { return nil }
        lastPair = (local, slot)
        return slot
    }
}
