internal import DomainAssociation
internal import XMPPModel

/// The pairs that a stream carries, and what may pass in on it: stanzas whose `from` and `to` match one of them, and nothing
/// else.
struct StanzaGate: Sendable {
    /// A run of stanzas under one association.
    struct Run {
        var stanzas: [Stanza]
        var association: Association
    }

    /// The pairs that are open, in their order.
    private(set) var associations: [Association] = []
    private var places: [DomainPair: Int] = [:]
    /// One association of each remote domain.
    private var remotes: [DomainName: Int] = [:]
    /// How many pairs come in.
    private(set) var incomingCount = 0

    /// Opens the gate for one more pair.
    mutating func open(_ association: Association) {
        if let place = places[association.pair] {
            associations[place] = association
            return
        }
        let place = associations.count
        associations.append(association)
        places[association.pair] = place
        if remotes[association.remoteDomain] == nil { remotes[association.remoteDomain] = place }
        if association.isIncoming { incomingCount += 1 }
    }

    /// Opens the gate for those pairs that are not open yet, and says which.
    mutating func openFurther(_ further: [Association]) -> [StreamAction] {
        further.filter { places[$0.pair] == nil }.map { association in
            open(association)
            return .established(association)
        }
    }

    /// The association of a pair; nil when it is not open.
    func association(of pair: DomainPair) -> Association? { places[pair].map { associations[$0] } }

    /// An association that proves a remote domain; nil when none does.
    func association(with remote: DomainName) -> Association? { remotes[remote].map { associations[$0] } }

    /// Splits stanzas into runs; what follows the first stanza that may not pass is dropped with the stream.
    ///
    /// - Parameter isFormer: Whether a domain was once served here, which makes the error `host-gone`.
    func pass(_ stanzas: [Stanza], isFormer: (DomainName) -> Bool) -> (runs: [Run], error: StreamError?) {
        guard let first = stanzas.first else { return ([], nil) }
        // Nearly every batch belongs to one pair as a whole, and is handed on without being taken apart.
        if let association = association(for: first), stanzas.allSatisfy({ matches($0, association) }) {
            return ([Run(stanzas: stanzas, association: association)], nil)
        }
        var runs: [Run] = []
        for stanza in stanzas {
            if let last = runs.indices.last, matches(stanza, runs[last].association) {
                runs[last].stanzas.append(stanza)
            } else if let association = association(for: stanza) {
                runs.append(Run(stanzas: [stanza], association: association))
            } else {
                return (runs, fault(of: stanza, isFormer))
            }
        }
        return (runs, nil)
    }

    private func association(for stanza: Stanza) -> Association? {
        if let first = associations.first, matches(stanza, first) { return first }
        guard associations.count > 1, let sender = stanza.senderDomain, let recipient = stanza.recipientDomain,
            let association = association(of: DomainPair(sender: sender, target: recipient)), association.isIncoming
        else { return nil }
        return association
    }

    private func matches(_ stanza: Stanza, _ association: Association) -> Bool {
        association.isIncoming && stanza.isFrom(association.pair.sender) && stanza.isTo(association.pair.target)
    }

    private func fault(of stanza: Stanza, _ isFormer: (DomainName) -> Bool) -> StreamError {
        guard let sender = stanza.senderDomain, let recipient = stanza.recipientDomain else {
            return StreamError(.improperAddressing, "stanzas need valid addresses in from and to")
        }
        guard associations.contains(where: { $0.isIncoming && $0.pair.sender == sender }) else {
            return StreamError(.invalidFrom, "\(sender) is not proved on this stream")
        }
        return isFormer(recipient)
            ? StreamError(.hostGone, "\(recipient) is no longer served here")
            : StreamError(.hostUnknown, "\(recipient) is not a target of this stream")
    }
}
