internal import DomainAssociation
internal import XMPPModel

extension ReceivingStream {
    /// What was proved holds no more. The peer is not told, since there is no word for it: it may go on, and is told then, or
    /// ask for the pair again.
    mutating func revoke(_ pairs: [DomainPair], _ revocation: Revocation) -> [StreamAction] {
        let open = pairs.filter { gate.association(of: $0) != nil }
        guard !open.isEmpty else { return [] }
        guard gate.carriesMore(than: open) else { return revokeAll(open, revocation) }
        let withdrawn = gate.revoke(open, revocation)
        return gate.remembersTooMuch ? withdrawn + closeOrderly(revocation.error) : withdrawn
    }

    private mutating func revokeAll(_ pairs: [DomainPair], _ revocation: Revocation) -> [StreamAction] {
        if case .closing = state {
            return gate.revoke(pairs, revocation) + (revocation.isRefutation ? disconnect() : [])
        }
        // Of who is not the peer that was proved nothing more is taken.
        return revocation.isRefutation ? close(revocation.error) : closeOrderly(revocation.error)
    }
}
