import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// Whatever happens in whatever state, and whatever comes behind it, the answer keeps to what the octets demand.
@Suite("Every state, every event")
struct EveryStateEveryEventTests {
    static let events: [StreamEvent] =
        [
            .connected, .closedByPeer, .secured(presentedCertificate: true), .secured(presentedCertificate: false),
            .headerReceived(Receiving.header, freshID: "id"), .headerReceived(Initiating.answer, freshID: "id"),
            .headerReceived(StreamHeader(version: nil), freshID: "id"),
            .headerReceived(StreamHeader(from: "@", to: "@"), freshID: "id"),
            .stanzasReceived([Receiving.good]), .stanzasReceived([]),
            .stanzasReceived([Receiving.stanza(from: "x@c.example", to: "u@b.example")]),
            .stanzasReceived([Receiving.stanza(from: nil, to: nil)]),
            .proofConcluded(.proven(Receiving.pair, .sender)), .proofConcluded(.refused(Receiving.pair, .sender)),
            .proofConcluded(.proven(Receiving.pair, .target)), .proofConcluded(.refused(Receiving.pair, .target)),
            .proofConcluded(.proven(pair("c.example", "b.example"), .sender)),
            .failed(StreamError(.notWellFormed)), .closeRequested(nil), .closeRequested(StreamError(.reset)),
            .revoke([Receiving.pair], Revocation(StreamError(.reset), isRefutation: false)),
            .revoke([Receiving.pair], Revocation(StreamError(.notAuthorized), isRefutation: true)),
        ] + StreamDeadline.allCases.map { .deadlinePassed($0) } + elements.map { .elementReceived($0) }

    static let elements: [XMLElement] = [
        Receiving.startTLS, Initiating.proceed, XMLElement(Namespace.startTLS, "failure"),
        Receiving.auth, XMLElement(Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"]),
        XMLElement(Namespace.sasl, "response", text: "="), XMLElement(Namespace.sasl, "abort"),
        Initiating.success, XMLElement(Namespace.sasl, "challenge"), XMLElement(Namespace.sasl, "failure"),
        Initiating.features([]), Initiating.features([Initiating.startTLS, Initiating.mechanisms]),
        XMLElement(Namespace.streamLimits, "limits"), XMLElement(Namespace.dialback, "result"),
        XMLElement("urn:x", "x"), XMLElement("", ""), StreamError(.reset).element,
        XMLElement(Namespace.stream, "error"),
    ]

    /// A domain that nobody proves, whatever is said of it.
    private static let victim = pair("victim.example", "b.example")
    private static let second = pair("c.example", "b.example")
    private static let rooms = pair("a.example", "rooms.b.example")

    /// What dialback adds.
    static let dialbackEvents: [StreamEvent] =
        [
            .associate(Receiving.pair), .associate(second), .associate(rooms), .associate(rooms.reversed),
            .proofConcluded(.refused(second, .sender)), .proofConcluded(.proven(rooms, .target)),
            .proofConcluded(.refused(rooms, .target)), .ask(.test()), .ask(.test(victim)),
            .questionAnswered(.test(Receiving.pair, id: "id-2"), .valid(.dialled(for: Receiving.pair))),
            .questionAnswered(.test(Receiving.pair, id: "id-2"), .invalid(.dialled(for: Receiving.pair))),
            .questionAnswered(.test(second, id: "id-3"), .valid(.dialled(for: second))),
            .questionAnswered(.test(victim, id: "id-3"), .valid(.dialled(for: victim))),
            .questionAnswered(.test(second, id: "id-3"), .silent(reason: "")),
        ]
        + [
            Receiving.bidi, .result(Receiving.pair), .result(second), .result(victim), .result(rooms.reversed),
            .result(Receiving.pair, type: "valid"), .result(second, type: "valid"), .result(victim, type: "valid"),
            .result(victim.reversed, type: "valid"), .result(rooms.reversed, type: "valid"),
            .result(second, type: "invalid"), .result(second, type: "error", error: "forbidden"),
            .verify(Receiving.pair.reversed, id: "ours"), .verify(victim, id: "id-3", type: "valid"),
            .verify(Receiving.pair.reversed, id: "ours", type: "valid"),
            XMLElement(Namespace.dialback, "verify"), XMLElement(Namespace.dialback, "x"),
        ].map { .elementReceived($0) }

    @Test(arguments: Receiving.allCases, [false, true])
    func `DB-09, BI-07: the receiving side answers with dialback as well`(state: Receiving, bidirectional: Bool) {
        let (stream, history) = state.dialing(bidirectional: bidirectional)
        explore(
            stream, history, isHandshaking: state == .securing || state == .directTLS,
            events: Self.events + Self.dialbackEvents, then: Self.dialbackEvents
        ) { ($0.handle($1), $0.associations) }
    }

    @Test(arguments: Initiating.allCases, [false, true])
    func `DB-09, BI-07: the initiating side answers with dialback as well`(state: Initiating, bidirectional: Bool) {
        let (stream, history) = state.dialing(bidirectional: bidirectional)
        explore(
            stream, history, isHandshaking: state == .securing || state == .directTLS,
            events: Self.events + Self.dialbackEvents, then: Self.dialbackEvents
        ) { ($0.handle($1), $0.associations) }
    }

    @Test func `DB-09: a stream for questions answers as well, and so does one whose first pair waits`() {
        let waiting = Initiating.negotiating()
        for (stream, history) in [Initiating.negotiating(purpose: .questions), waiting] {
            explore(stream, history, isHandshaking: false, then: Self.events + Self.dialbackEvents) {
                ($0.handle($1), $0.associations)
            }
        }
    }

    @Test(arguments: Receiving.allCases)
    func `the receiving side answers`(state: Receiving) {
        let (stream, history) = state.led
        explore(stream, history, isHandshaking: state == .securing || state == .directTLS) {
            ($0.handle($1), $0.associations)
        }
    }

    @Test(arguments: Initiating.allCases)
    func `the initiating side answers`(state: Initiating) {
        let (stream, history) = state.led
        explore(stream, history, isHandshaking: state == .securing || state == .directTLS) {
            ($0.handle($1), $0.associations)
        }
    }

    /// Feeds each event, and each event behind it.
    private func explore<Stream>(
        _ stream: Stream, _ history: [StreamAction], isHandshaking: Bool,
        events: [StreamEvent] = EveryStateEveryEventTests.events,
        then next: [StreamEvent] = EveryStateEveryEventTests.events,
        handle: (inout Stream, StreamEvent) -> ([StreamAction], [Association])
    ) {
        for first in events {
            var once = stream
            let (answer, associations) = handle(&once, first)
            report(fault(of: answer, after: history, associations), first)
            if case .secured = first {
                // The handshake is over.
            } else if isHandshaking, answer.contains(where: \.writes) {
                report("XML during a handshake", first)
            }
            for second in next {
                var twice = once
                let (reply, associations) = handle(&twice, second)
                report(fault(of: reply, after: history + answer, associations), first, second)
            }
        }
    }

    private func report(_ fault: String?, _ events: StreamEvent...) {
        if let fault { Issue.record("\(fault), for \(events)") }
    }

    /// What is wrong with an answer. Not one `#expect` for each, since there are many thousands of answers.
    private func fault(
        of answer: [StreamAction], after history: [StreamAction], _ associations: [Association]
    ) -> String? {
        if history.contains(.disconnect) { return answer.isEmpty ? nil : "a closed stream speaks" }
        if let end = answer.firstIndex(of: .disconnect), end != answer.endIndex - 1 {
            return "something comes behind the end"
        }
        for case .deliver(_, let association) in answer
        where !associations.contains(association) || !history.contains(.established(association))
            || isWithdrawn(association, history)
        {
            return "a stanza passes without an association"
        }
        for case .established(let association) in answer
        where [association.pair.sender, association.pair.target].contains(Self.victim.sender) {
            return "a domain is associated that nobody proved"
        }
        if (history + answer).compactMap(\.failure).count > 1 { return "a failure is told twice" }
        return faultOfTags(history + answer)
    }

    private func isWithdrawn(_ association: Association, _ history: [StreamAction]) -> Bool {
        guard let end = history.lastIndex(of: .withdrawn(association)) else { return false }
        return history.lastIndex(of: .established(association)).map { $0 < end } ?? true
    }

    /// A stream has one opening tag, in front of everything, and nothing behind its closing tag.
    private func faultOfTags(_ actions: [StreamAction]) -> String? {
        var isOpen = false
        var isClosed = false
        for action in actions {
            switch action {
            case .sendHeader:
                if isOpen { return "two opening tags" }
                isOpen = true
            case .startTLS, .restart: isOpen = false
            case .sendClosingTag:
                if !isOpen || isClosed { return "a closing tag that closes nothing" }
                isClosed = true
            case .send, .sendWhitespace, .checkPeer:
                if !isOpen || isClosed { return "something outside the stream" }
            case .prove, .established, .withdrawn, .verify, .readyForQuestions, .answered, .pairFailed, .deliver,
                .adoptPeerLimits,
                .arm, .disarm, .disconnect, .fail, .report:
                break
            }
        }
        return nil
    }
}
