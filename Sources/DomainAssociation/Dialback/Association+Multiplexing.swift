public import XMPPModel

extension Association {
    /// The other direction of the same pair, on a stream that carries both: what was proved of the remote domain holds
    /// whoever speaks (XEP-0288 §2.2, BI-04).
    public var reversed: Association {
        var other = self
        other.pair = pair.reversed
        other.isIncoming.toggle()
        return other
    }

    /// The same remote domain beside another domain of ours, once the peer has agreed to that pair too: what was proved is
    /// the remote domain, and ours is for the peer to judge (RFC 7712 §4.4.1).
    ///
    /// For pairs in which we are the sender; what comes in is proved for each pair (DB-15).
    public func beside(_ local: DomainName, by mechanism: Mechanism) -> Association {
        var other = self
        other.pair = DomainPair(sender: local, target: remoteDomain)
        other.isIncoming = false
        other.mechanism = mechanism
        return other
    }
}

extension ProvenDomain {
    /// The association that follows once the stream's authentication is complete, on a stream that both sides may use: who
    /// opened it does not say which side was proved.
    public func association(
        by mechanism: Association.Mechanism, on direction: Association.Direction
    ) -> Association {
        var association = association(by: mechanism)
        association.direction = direction
        return association
    }
}
