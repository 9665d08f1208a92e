internal import DomainAssociation
internal import StreamProtocol
internal import StreamTestSupport
internal import XMLStreaming
internal import XMPPModel

/// Watches one end of a stream, step by step.
struct StreamJudge {
    private let role: StreamRole
    /// What the certificate of the handshake says; nil before it.
    private var peerNames: [String]?
    /// The pairs whose key a server of the sender's confirmed.
    private var confirmedPairs: Set<DomainPair> = []
    private var associations: [Association] = []
    private var actionsSeen = 0
    private var isOver = false
    private var protection = StreamEnd.Protection.clear
    private var parser: XMLStreamParser?

    init(role: StreamRole) { self.role = role }

    /// A handshake took place.
    mutating func handshake(with names: [String]) { peerNames = names }

    /// The server of a pair's sender confirmed its key.
    mutating func confirmed(_ pair: DomainPair) { confirmedPairs.insert(pair) }

    /// Judges what happened since the last call.
    mutating func judge(_ end: StreamEnd) throws(PropertyViolation) {
        // The end joins deliveries that follow one another, so the last action may have grown.
        for action in end.actions[max(0, actionsSeen - 1)...] { try judge(action) }
        if isOver { try require(end.actions.count == actionsSeen, "there are actions behind the end") }
        actionsSeen = end.actions.count
        isOver = !end.isOpen
        let segments = end.output
        end.output = []
        for segment in segments {
            guard case .octets(let octets, let isEncrypted) = segment else { continue }
            try require(isEncrypted || protection == .clear, "octets left in clear during or after a handshake")
            try read(octets)
        }
        protection = end.protection
    }

    private mutating func judge(_ action: StreamAction) throws(PropertyViolation) {
        switch action {
        case .established(let association): try admit(association)
        case .withdrawn(let association): associations.removeAll { $0 == association }
        case .deliver(let stanzas, let association):
            try require(associations.contains(association), "a delivery without an association")
            try require(!stanzas.isEmpty, "an empty delivery")
            let pair = association.pair
            try require(
                stanzas.allSatisfy { $0.senderDomain == pair.sender && $0.recipientDomain == pair.target },
                "a stanza passed that is not of \(pair)")
        // What else a stream asks for is its own affair; its octets are read below.
        default: break
        }
    }

    private mutating func admit(_ association: Association) throws(PropertyViolation) {
        guard !associations.contains(association) else { return }
        guard let peerNames else { throw PropertyViolation("an association without TLS: \(association)") }
        let incoming = association.isIncoming ? association.pair : association.pair.reversed
        try require(
            peerNames.contains(association.remoteDomain.ascii) || confirmedPairs.contains(incoming),
            "\(association.remoteDomain) was believed of a certificate for \(peerNames)")
        let expected = role == .receiving ? "b.example" : "a.example"
        try require(association.localDomain.description == expected, "an association of \(association.localDomain)")
        associations.append(association)
    }

    /// What we say is a stream that our own parser takes.
    private mutating func read(_ octets: [UInt8]) throws(PropertyViolation) {
        if octets.starts(with: "<?xml".utf8) || parser == nil { parser = XMLStreamParser(limits: .established) }
        guard let parser else { return }
        var events: [XMLStreamEvent] = []
        try XMLReading.feed(octets[...], to: parser, into: &events)
        for case .failed(let error) in events {
            let text = String(decoding: octets, as: UTF8.self)
            throw PropertyViolation("we said what nobody can read (\(error)): \(text)")
        }
    }
}
