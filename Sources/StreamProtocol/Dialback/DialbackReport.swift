public import XMPPModel

/// A fact about dialback on a stream.
public enum DialbackReport: Hashable, Sendable, CustomStringConvertible {
    /// An answer came to a question that nobody had asked here: a fault of the peer's, or an attack (DB-09, XEP-0220 §3.1).
    case unsolicited(DomainPair, type: String)
    /// A key was presented for a domain that does not know it: somebody else spoke for it (DB-16, DB-17).
    case forgedKey(DomainPair, explanation: String)
    /// A request of the peer's was refused.
    case refused(DomainPair, DialbackError, explanation: String)
    /// The peer asked again for a pair that is being proved.
    case repeated(DomainPair)
    /// Somebody presented a key in the name of our domain that is not ours (DB-24).
    case foreignKey(DomainPair)

    /// For logs.
    public var description: String {
        switch self {
        case .unsolicited(let pair, let type): "\(pair): an answer “\(type)” came to no question"
        case .forgedKey(let pair, let explanation): "\(pair): the key is forged: \(explanation)"
        case .refused(let pair, let error, let explanation): "\(pair): refused with \(error): \(explanation)"
        case .repeated(let pair): "\(pair): asked for again while it is being proved"
        case .foreignKey(let pair): "\(pair): a key was presented that is not ours"
        }
    }
}
