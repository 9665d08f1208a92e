internal import XMLStreaming
internal import XMPPModel

/// What the XML parser said to an input, with runs of stanzas joined, since where they are cut means nothing.
enum XMLReading {
    /// Feeds the pieces one after the other.
    ///
    /// - Parameter pausing: Whether the parser stops behind each element that is no stanza.
    static func events(
        _ pieces: [ArraySlice<UInt8>], limits: XMLLimits, contentNamespace: String = Namespace.server,
        pausing: Bool = false
    ) throws(PropertyViolation) -> [XMLStreamEvent] {
        let parser = XMLStreamParser(limits: limits, contentNamespace: contentNamespace)
        parser.pausesAfterElement = pausing
        var events: [XMLStreamEvent] = []
        for piece in pieces { try feed(piece, to: parser, into: &events) }
        return joined(events)
    }

    /// Feeds one piece until all of it was taken.
    static func feed(
        _ piece: ArraySlice<UInt8>, to parser: XMLStreamParser, into events: inout [XMLStreamEvent]
    ) throws(PropertyViolation) {
        var rest = piece
        while !rest.isEmpty {
            let before = events.count
            let taken = rest.withUnsafeBytes { parser.feed($0, into: &events) }
            try require((0...rest.count).contains(taken), "\(taken) of \(rest.count) octets were taken")
            // Standing still without an event would be a loop without end for the owner.
            try require(taken > 0 || events.count > before, "nothing was taken and nothing was said")
            rest = rest.dropFirst(taken)
        }
    }

    /// One event for each run of stanzas.
    static func joined(_ events: [XMLStreamEvent]) -> [XMLStreamEvent] {
        var joined: [XMLStreamEvent] = []
        for event in events {
            if case .stanzas(let more) = event, case .stanzas(let some)? = joined.last {
                joined[joined.count - 1] = .stanzas(some + more)
            } else {
                joined.append(event)
            }
        }
        return joined
    }
}

/// The envelope of a stanza, which equality of stanzas leaves out.
struct StanzaEnvelope: Hashable {
    let kind: Stanza.Kind
    let values: [String?]
    let domains: [DomainName?]

    init(_ stanza: Stanza) {
        kind = stanza.kind
        values = [stanza.from, stanza.to, stanza.id, stanza.type, stanza.language]
        domains = [stanza.senderDomain, stanza.recipientDomain]
    }
}
