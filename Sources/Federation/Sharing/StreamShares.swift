internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import XMPPModel

/// What one loop knows of streams that several remote domains share.
struct StreamShares {
    /// A pair that is wanted on a stream.
    struct Wish: Sendable {
        var pair: DomainPair
        /// How DNS leads from the pair's target to the stream's server; nil where the stream has it already.
        var delegation: Delegation?
    }

    /// How pairs whose remote domains this loop owns get their streams.
    var sharing: StreamSharing
    /// The streams of other loops that carry such pairs, or were asked to.
    var distant: [StreamID: DistantStream] = [:]
    /// Which other loops have to be told of a stream of this one, and how many batches each has sent on it.
    var guests: [StreamID: [Int: Int]] = [:]
    /// Where the streams of this loop lead that take further targets.
    var addresses: [StreamID: SocketAddress] = [:]
    /// The pairs whose attempts have asked a stream in place of dialling: many streams and many attempts may end at once.
    private(set) var askers: [StreamID: Set<DomainPair>] = [:]
    /// What will be asked for at the end of this turn.
    var wishes: [StreamPlace: [Wish]] = [:]

    init(isShared: @escaping @Sendable (DomainName) -> Bool) { sharing = StreamSharing(isShared: isShared) }

    /// An attempt has asked a stream, or waits for the answer of none.
    mutating func note(_ pair: DomainPair, asks stream: StreamID?, after former: StreamID?) {
        if let former {
            askers[former]?.remove(pair)
            if askers[former]?.isEmpty == true { askers[former] = nil }
        }
        if let stream { askers[stream, default: []].insert(pair) }
    }
}
