internal import XMPPModel

/// Where stanzas for one domain go: to a hosted domain, or out to a remote one.
struct Destination: Sendable {
    /// What the domain is to us.
    enum Kind: Sendable {
        case hosted, remote, blocked
    }

    var name: DomainName
    /// The slots of its pairs.
    var pairs = PairSlots()
    var kind: Kind
    /// Whether a pair of it may have failed: with none there is nothing to forget for each of thousands that come about.
    var hasFailedPairs = false
    /// What waits for it, over all pairs.
    var queuedStanzas = 0
    var queuedBytes = 0
    private var keptWait: KeptApart<RetryWait>?
    /// The last batch in which it was a recipient, and the place of its stanzas there.
    var batch: UInt64 = 0
    var bucket = 0

    init(_ name: DomainName, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Failures that concern the whole domain: it does not exist or cannot be reached.
    var wait: RetryWait? {
        get { keptWait?.value }
        set { keptWait = newValue.map { .value($0) } }
    }

    /// The slot of a local domain's pair.
    func pair(of local: DomainName) -> Int? { pairs[local] }
}
