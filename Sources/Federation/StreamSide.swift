internal import DomainAssociation
internal import StreamProtocol

/// Either side of a stream, as the connection that carries it sees it.
enum StreamSide {
    case receiving(ReceivingStream)
    case initiating(InitiatingStream)

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

    case handling

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

    var facts: StreamFacts {
        switch self {
        case .receiving(let stream): stream.summary
        case .initiating(let stream): stream.summary
        case .handling: StreamFacts(role: .receiving)
        }
    }
}
