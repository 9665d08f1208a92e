internal import DomainAssociation
internal import XMPPModel

/// What may pass on a stream: stanzas whose `from` and `to` match one of its associations, and nothing else.
struct StanzaGate: Sendable {
    /// A run of stanzas under one association.
    struct Run {
        var stanzas: [Stanza]
        var association: Association
    }

    /// The pairs that are open.
    private(set) var associations: [Association] = []

    /// Opens the gate for one more pair.
    mutating func open(_ association: Association) {
        associations.removeAll { $0.pair == association.pair }
        associations.append(association)
    }

    /// Splits stanzas into runs; what follows the first stanza that may not pass is dropped with the stream.
    ///
    /// - Parameter isFormer: Whether a domain was once served here, which makes the error `host-gone`.
    func pass(_ stanzas: [Stanza], isFormer: (DomainName) -> Bool) -> (runs: [Run], error: StreamError?) {
        // Nearly every batch belongs to one pair as a whole, and is handed on without being taken apart.
        if let association = associations.first, stanzas.allSatisfy({ matches($0, association) }) {
            return ([Run(stanzas: stanzas, association: association)], nil)
        }
        var runs: [Run] = []
        for stanza in stanzas {
            guard let association = associations.first(where: { matches(stanza, $0) }) else {
                return (runs, fault(of: stanza, isFormer))
            }
            if let last = runs.indices.last, runs[last].association.pair == association.pair {
                runs[last].stanzas.append(stanza)
            } else {
                runs.append(Run(stanzas: [stanza], association: association))
            }
        }
        return (runs, nil)
    }

    private func matches(_ stanza: Stanza, _ association: Association) -> Bool {
        stanza.isFrom(association.pair.sender) && stanza.isTo(association.pair.target)
    }

    private func fault(of stanza: Stanza, _ isFormer: (DomainName) -> Bool) -> StreamError {
        guard let sender = stanza.senderDomain, let recipient = stanza.recipientDomain else {
            return StreamError(.improperAddressing, "stanzas need valid addresses in from and to")
        }
        guard associations.contains(where: { $0.pair.sender == sender }) else {
            return StreamError(.invalidFrom, "\(sender) is not proved on this stream")
        }
        return isFormer(recipient)
            ? StreamError(.hostGone, "\(recipient) is no longer served here")
            : StreamError(.hostUnknown, "\(recipient) is not a target of this stream")
    }
}
