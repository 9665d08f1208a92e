internal import DomainAssociation
public import XMPPModel

/// Why pairs are taken off a stream that may carry others (TL-14, PT-06).
public struct Revocation: Hashable, Sendable {
    /// What the peer is told where the stream ends over it: at once when nothing else is left on it, or when the peer goes
    /// on with one of the pairs (RFC 6120 §4.9.3.16 names `reset`).
    public var error: StreamError
    /// Whether the peer may be somebody else than was proved. Of such a peer nothing more is taken; where a proof has only
    /// run out, what is on its way when the stream closes still counts (XS-17).
    public var isRefutation: Bool

    /// Gives a reason.
    public init(_ error: StreamError, isRefutation: Bool) {
        self.error = error
        self.isRefutation = isRefutation
    }
}

extension StanzaGate {
    /// Whether a stream carries something besides these pairs and their reverses, which rest on the same proof.
    func carriesMore(than pairs: [DomainPair]) -> Bool {
        let ending = Set(pairs.flatMap { [$0, $0.reversed] })
        return associations.count > ending.count || associations.contains { !ending.contains($0.pair) }
    }

    /// Takes pairs off together with their reverses, and says of which streams are to know.
    mutating func revoke(_ pairs: [DomainPair], _ revocation: Revocation) -> [StreamAction] {
        pairs.flatMap { [$0, $0.reversed] }.compactMap { pair in
            revoke(pair, with: revocation.error).map { .withdrawn($0) }
        }
    }
}
