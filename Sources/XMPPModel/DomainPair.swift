/// *Sender Domain* and *Target Domain* (XEP-0220 §1.3): the key of authorisation and of routing.
///
/// One stream may carry many pairs, so nothing is "authenticated" as a whole.
public struct DomainPair: Hashable, Sendable, CustomStringConvertible {
    /// The domain that stanzas come from.
    public let sender: DomainName
    /// The domain that stanzas go to.
    public let target: DomainName

    /// Makes a pair; it claims nothing.
    public init(sender: DomainName, target: DomainName) {
        self.sender = sender
        self.target = target
    }

    /// The pair of the other direction.
    public var reversed: DomainPair { DomainPair(sender: target, target: sender) }

    /// For logs: `a.example → b.example`.
    public var description: String { "\(sender) → \(target)" }
}
