internal import XMPPModel

/// A stream on another loop, as the loop sees it that owns some of its remote domains: what was handed over, so that its
/// end comes behind everything that could not be sent (RT-04).
struct DistantStream {
    /// The loop that the stream lives on.
    let loop: Int
    /// Whether we opened it.
    let isOurs: Bool
    /// How many batches were handed over.
    private(set) var handedOver = 0
    /// How many have to come back or to have arrived before the end; nil while it lives.
    private var arrived: Int?
    private var returned = 0
    private var unsent: [Stanza] = []

    init(loop: Int, isOurs: Bool = true) {
        self.loop = loop
        self.isOurs = isOurs
    }

    /// A batch is handed over.
    mutating func handOver() { handedOver += 1 }

    /// Stanzas that arrived there and did not leave.
    mutating func takeBack(_ stanzas: [Stanza]) { unsent += stanzas }

    /// A batch that arrived after the end.
    mutating func takeBackBatch(_ stanzas: [Stanza]) {
        returned += 1
        unsent += stanzas
    }

    /// The stream ended after it had taken so many batches. What is said of a stream that has ended already says nothing.
    mutating func end(after arrived: Int) { self.arrived = self.arrived ?? arrived }

    /// Whether nothing more can be handed over.
    var isEnding: Bool { arrived != nil }

    /// All that was not sent, in order, once the stream has ended and nothing is on its way any more.
    var remains: [Stanza]? {
        guard let arrived, arrived + returned >= handedOver else { return nil }
        return unsent
    }
}
