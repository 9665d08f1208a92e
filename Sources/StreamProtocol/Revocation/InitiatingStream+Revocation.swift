internal import DomainAssociation
internal import XMPPModel

extension InitiatingStream {
    /// What was proved holds no more: stanzas of these pairs go elsewhere, and on this stream it takes a new proof.
    mutating func revoke(_ pairs: [DomainPair], _ revocation: Revocation) -> [StreamAction] {
        let open = pairs.filter { gate.association(of: $0) != nil }
        guard !open.isEmpty else { return [] }
        guard gate.carriesMore(than: open) else { return revokeAll(open, revocation) }
        let silenced = open.contains { $0.target == pair.target || $0.sender == pair.target } ? silence() : []
        let withdrawn = gate.revoke(open, revocation) + silenced
        return gate.remembersTooMuch && state != .closing ? withdrawn + closeOrderly(revocation.error) : withdrawn
    }

    private mutating func revokeAll(_ pairs: [DomainPair], _ revocation: Revocation) -> [StreamAction] {
        guard state == .closing else {
            let withdrawn = isBidirectional && revocation.isRefutation ? gate.revoke(pairs, revocation) : []
            return withdrawn + closeOrderly(revocation.error)
        }
        return gate.revoke(pairs, revocation)
    }

    /// The word of the server counts for nothing any more, so nobody waits for it.
    private mutating func silence() -> [StreamAction] {
        conclusion = nil
        facts.proven = nil
        return dialback.questions.removeAll().asked.map {
            .answered($0, .unreachable(reason: "\(address) is not proved for \(pair.target) any more"))
        }
    }
}
