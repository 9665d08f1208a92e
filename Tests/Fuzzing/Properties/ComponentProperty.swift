internal import Backends
internal import Routing
internal import StreamTestSupport
internal import XMLStreaming
internal import XMPPModel

/// A component's connection with the real parser in front of it: nothing is submitted before the handshake, and only
/// stanzas from the component's domain; nothing follows the close; what we say is well-formed.
enum ComponentProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let whole = try play([input[...]])
        for largest in [1, 16] {
            let divided = try play(InputDivision.pieces(of: input, largest: largest))
            try require(whole == divided, "in pieces of at most \(largest): \(divided), whole: \(whole)")
        }
    }

    private static func play(_ pieces: [ArraySlice<UInt8>]) throws(PropertyViolation) -> [BackendAction] {
        let served = domain("c.example")
        var backend = ComponentBackend(
            ComponentBackend.Surroundings(
                isConnected: { _ in false }, secret: { $0 == served ? Array("secret".utf8) : nil }))
        let parser = XMLStreamParser(limits: .unauthenticated, contentNamespace: Namespace.component)
        parser.pausesAfterElement = true
        var actions = backend.handle(.connected)
        for piece in pieces {
            var rest = piece
            while !rest.isEmpty {
                var events: [XMLStreamEvent] = []
                let taken = rest.withUnsafeBytes { parser.feed($0, into: &events) }
                try require(taken > 0 || !events.isEmpty, "nothing was taken and nothing was said")
                rest = rest.dropFirst(taken)
                for event in events { actions = joined(actions, backend.handle(backendEvent(event))) }
            }
        }
        actions += backend.handle(.closedByPeer)
        try judge(actions)
        return actions
    }

    private static func backendEvent(_ event: XMLStreamEvent) -> BackendEvent {
        switch event {
        // Fixed, so that the corpus can hold the handshake that is right for it.
        case .header(let header): .headerReceived(header, id: "id")
        case .element(let element): .elementReceived(element)
        case .stanzas(let stanzas): .stanzasReceived(stanzas)
        case .closed: .closedByPeer
        case .failed(let error): .failed(error)
        }
    }

    /// One submission is as good as two.
    private static func joined(_ actions: [BackendAction], _ more: [BackendAction]) -> [BackendAction] {
        var actions = actions
        for action in more {
            if case .submit(let next) = action, case .submit(let previous)? = actions.last {
                actions[actions.count - 1] = .submit(previous + next)
            } else {
                actions.append(action)
            }
        }
        return actions
    }

    private static func judge(_ actions: [BackendAction]) throws(PropertyViolation) {
        var served: DomainName?
        var isClosed = false
        var said: [UInt8] = []
        for action in actions {
            try require(!isClosed, "there are actions behind the close: \(actions)")
            switch action {
            case .serve(let domain): served = domain
            case .submit(let stanzas):
                guard let served else { throw PropertyViolation("a submission before the handshake") }
                try require(
                    !stanzas.isEmpty && stanzas.allSatisfy { $0.senderDomain == served },
                    "a submission that is not all from \(served)")
            case .sendHeader(let header): said += XMLWriter.header(header)
            case .send(let element):
                XMLWriter.append(element, contentNamespace: Namespace.component, to: &said)
            case .close(let error):
                isClosed = true
                if let error {
                    XMLWriter.append(error.element, contentNamespace: Namespace.component, to: &said)
                }
                said += XMLWriter.closing
            case .forward, .bounce: throw PropertyViolation("an answer to what nobody routed: \(action)")
            case .setDeadline, .report: break
            }
        }
        let heard = try XMLReading.events([said[...]], limits: .established, contentNamespace: Namespace.component)
        for case .failed(let error) in heard {
            throw PropertyViolation("we said what nobody can read (\(error)): \(String(decoding: said, as: UTF8.self))")
        }
    }
}
