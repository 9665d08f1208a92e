internal import DomainAssociation
internal import StreamProtocol
internal import XMPPModel

/// Either side of a stream, as the connection that carries it sees it.
enum StreamSide {
    case receiving(ReceivingStream)
    case initiating(InitiatingStream)
    /// At work, where nothing else can be asked of it.
    case handling

    mutating func handle(_ event: StreamEvent) -> [StreamAction] {
        // Taken out while it works, so that its state is not copied for being held twice.
        switch self {
        case .receiving(var stream):
            self = .handling
            defer { self = .receiving(stream) }
            return stream.handle(event)
        case .initiating(var stream):
            self = .handling
            defer { self = .initiating(stream) }
            return stream.handle(event)
        case .handling:
            return []
        }
    }

    /// The connection is gone: what still waits on it has to be told.
    mutating func abandon() -> [StreamAction] {
        switch self {
        case .receiving(var stream):
            self = .handling
            defer { self = .receiving(stream) }
            return stream.abandon()
        case .initiating(var stream):
            self = .handling
            defer { self = .initiating(stream) }
            return stream.abandon()
        case .handling: return []
        }
    }

    /// Whether the server that we dialled has said nothing yet that tells whether it takes our certificate.
    var hasHeardNothing: Bool { if case .initiating(let stream) = self { stream.hasHeardNothing } else { false } }

    /// Whether the server that we dialled may be asked about keys on it.
    var takesQuestions: Bool { if case .initiating(let stream) = self { stream.takesQuestions } else { false } }

    /// Whether the server that we dialled may be asked about keys of domains that it was not dialled for.
    var takesFurtherQuestions: Bool {
        if case .initiating(let stream) = self { stream.takesFurtherQuestions } else { false }
    }

    /// Whether what proved the server that is asked on it has not run out; nothing watches it on a stream for questions.
    func isServerProved(at moment: Int64) -> Bool {
        guard case .initiating(let stream) = self, !stream.isEstablished, let expires = stream.serverProofExpires
        else { return true }
        return moment <= expires
    }

    /// Whether stanzas go both ways on it (XEP-0288).
    var isBidirectional: Bool {
        switch self {
        case .receiving(let stream): stream.isBidirectional
        case .initiating(let stream): stream.isBidirectional
        case .handling: false
        }
    }

    var role: StreamRole {
        switch self {
        case .receiving, .handling: .receiving
        case .initiating: .initiating
        }
    }

    var isEstablished: Bool {
        switch self {
        case .receiving(let stream): stream.isEstablished
        case .initiating(let stream): stream.isEstablished
        case .handling: false
        }
    }

    var associations: [Association] {
        switch self {
        case .receiving(let stream): stream.associations
        case .initiating(let stream): stream.associations
        case .handling: []
        }
    }

    /// The association of a pair; nil when the stream does not carry it.
    func association(of pair: DomainPair) -> Association? {
        switch self {
        case .receiving(let stream): stream.association(of: pair)
        case .initiating(let stream): stream.association(of: pair)
        case .handling: nil
        }
    }

    /// Whether the stream carries a pair.
    func carries(_ pair: DomainPair) -> Bool { association(of: pair) != nil }

    /// Whether pairs were taken off it that have not been proved again.
    var hasRevoked: Bool {
        switch self {
        case .receiving(let stream): stream.hasRevoked
        case .initiating(let stream): stream.hasRevoked
        case .handling: false
        }
    }

    /// Whether the stream carries the pair that a stanza is of.
    func carriesPair(of stanza: Stanza) -> Bool {
        guard let sender = stanza.senderDomain, let target = stanza.recipientDomain else { return false }
        return carries(DomainPair(sender: sender, target: target))
    }

    /// How many pairs go out on the stream.
    var outgoingCount: Int {
        switch self {
        case .receiving(let stream): stream.outgoingCount
        case .initiating(let stream): stream.outgoingCount
        case .handling: 0
        }
    }

    var facts: StreamFacts {
        switch self {
        case .receiving(let stream): stream.summary
        case .initiating(let stream): stream.summary
        case .handling: StreamFacts(role: .receiving)
        }
    }
}
