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

    /// What may pass of a batch, and why the rest may not.
    struct Passage {
        var runs: [Run] = []
        /// For the first stanza that nobody proved; what follows it is dropped with the stream.
        var error: StreamError?
        /// For the first stanza of a pair that was taken off the stream; such stanzas alone are dropped.
        var revocation: StreamError?
    }

    /// The pairs that are open; in their order until one is taken off.
    private(set) var associations: [Association] = []
    /// Where each pair is.
    private var places = PlaceTable()
    /// Where one pair of each remote domain is, and how many there are.
    private var remotes = PlaceTable()
    /// The pairs that were taken off and not proved again, with what the peer is told should it go on with one of them.
    private var revoked: [DomainPair: StreamError] = [:]
    /// How many pairs come in.
    private(set) var incomingCount = 0

    /// How many pairs that were taken off are remembered.
    static let revokedLimit = 20_000

    /// Opens the gate for one more pair.
    mutating func open(_ association: Association) {
        if !revoked.isEmpty { revoked[association.pair] = nil }
        if let place = place(of: association.pair) {
            associations[place] = association
            return
        }
        let place = associations.count
        associations.appendSparingly(association)
        places.insert(association.pair.hashValue, at: place)
        let remote = association.remoteDomain
        if let known = find(remote) {
            remotes.update(remote.hashValue, at: known.place, to: known.place, count: known.count + 1)
        } else {
            remotes.insert(remote.hashValue, at: place)
        }
        if association.isIncoming { incomingCount += 1 }
    }

    // MARK: - Taking pairs off

    /// Closes the gate for a pair, and says what was open.
    ///
    /// - Parameter error: What the peer is told should it go on with the pair.
    mutating func revoke(_ pair: DomainPair, with error: StreamError) -> Association? {
        guard let place = place(of: pair) else { return nil }
        let association = associations[place]
        places.remove(pair.hashValue, at: place)
        leave(association.remoteDomain, from: place)
        // The last takes the free place, so that a stream of many pairs is not gone through for each.
        let last = associations.removeLast()
        if place < associations.count {
            associations[place] = last
            places.update(last.pair.hashValue, at: associations.count, to: place, count: 1)
            move(last.remoteDomain, from: associations.count, to: place)
        }
        if association.isIncoming { incomingCount -= 1 }
        revoked[pair] = error
        return association
    }

    private mutating func leave(_ remote: DomainName, from place: Int) {
        guard let known = find(remote) else { return }
        guard known.count > 1 else { return remotes.remove(remote.hashValue, at: known.place) }
        var other = known.place
        if other == place {
            other = associations.indices.first { $0 != place && associations[$0].remoteDomain == remote } ?? place
        }
        remotes.update(remote.hashValue, at: known.place, to: other, count: known.count - 1)
    }

    private mutating func move(_ remote: DomainName, from former: Int, to place: Int) {
        let hash = remote.hashValue
        guard let known = remotes.find(hash, where: { $0 == former }) else { return }
        remotes.update(hash, at: former, to: place, count: known.count)
    }

    /// Whether a pair was taken off, and has not been proved again.
    func isRevoked(_ pair: DomainPair) -> Bool { revoked[pair] != nil }

    /// Whether any pair was taken off, and has not been proved again.
    var hasRevoked: Bool { !revoked.isEmpty }

    /// Whether more was taken off than a stream may remember.
    var remembersTooMuch: Bool { revoked.count > Self.revokedLimit }

    // MARK: - Looking

    /// Opens the gate for those pairs that are not open yet, and says which.
    mutating func openFurther(_ further: [Association]) -> [StreamAction] {
        further.filter { place(of: $0.pair) == nil }.map { further in
            let association = associations.last.map(further.sharing) ?? further
            open(association)
            return .established(association)
        }
    }

    /// The association of a pair; nil when it is not open.
    func association(of pair: DomainPair) -> Association? { place(of: pair).map { associations[$0] } }

    /// An association that proves a remote domain; nil when none does.
    func association(with remote: DomainName) -> Association? { find(remote).map { associations[$0.place] } }

    private func place(of pair: DomainPair) -> Int? {
        places.find(pair.hashValue) { associations[$0].pair == pair }?.place
    }

    private func find(_ remote: DomainName) -> (place: Int, count: Int)? {
        remotes.find(remote.hashValue) { associations[$0].remoteDomain == remote }
    }

    // MARK: - Passing

    /// Splits stanzas into runs.
    ///
    /// - Parameter isFormer: Whether a domain was once served here, which makes the error `host-gone`.
    func pass(_ stanzas: [Stanza], isFormer: (DomainName) -> Bool) -> Passage {
        var passage = Passage()
        guard let first = stanzas.first else { return passage }
        // Nearly every batch belongs to one pair as a whole, and is handed on without being taken apart.
        if let association = association(for: first), stanzas.allSatisfy({ matches($0, association) }) {
            passage.runs = [Run(stanzas: stanzas, association: association)]
            return passage
        }
        for stanza in stanzas {
            if let last = passage.runs.indices.last, matches(stanza, passage.runs[last].association) {
                passage.runs[last].stanzas.append(stanza)
            } else if let association = association(for: stanza) {
                passage.runs.append(Run(stanzas: [stanza], association: association))
            } else if let error = revocation(of: stanza) {
                passage.revocation = passage.revocation ?? error
            } else {
                passage.error = fault(of: stanza, isFormer)
                return passage
            }
        }
        return passage
    }

    private func revocation(of stanza: Stanza) -> StreamError? {
        guard !revoked.isEmpty, let sender = stanza.senderDomain, let recipient = stanza.recipientDomain else {
            return nil
        }
        return revoked[DomainPair(sender: sender, target: recipient)]
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
