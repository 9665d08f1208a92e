internal import XMPPModel

/// Stanzas that are to be returned, gathered so that those with the same reason go back together.
struct Refused {
    struct Group {
        var stanzas: [Stanza]
        var error: StanzaError
        var remote: DomainName
    }

    private(set) var groups: [Group] = []

    /// Adds a stanza; one with the reason of the one before it joins it.
    mutating func add(_ stanza: Stanza, _ error: StanzaError, remote: DomainName) {
        if let last = groups.last, last.remote == remote, last.error == error {
            groups[groups.count - 1].stanzas.append(stanza)
        } else {
            groups.append(Group(stanzas: [stanza], error: error, remote: remote))
        }
    }
}
