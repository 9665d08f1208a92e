import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("The end of a stream on the initiating side")
struct InitiatingStreamEndTests {
    @Test(arguments: StreamError.Condition.allCases)
    func `XS-28: each condition of a peer has its consequence`(condition: StreamError.Condition) throws {
        var stream = Initiating.awaitingFeatures.stream
        let error = StreamError(condition, "text", application: XMLElement("urn:x", "extra"))
        let actions = stream.handle(.elementReceived(error.element))
        #expect(actions.first == .report(.peerError(StreamError(error.element))))
        #expect(actions.last == .disconnect)
        let failure = try #require(actions.compactMap(\.failure).first)
        switch condition {
        case .hostUnknown, .hostGone: #expect(failure == .refused(StreamError(error.element)))
        case .notAuthorized, .policyViolation, .invalidFrom, .conflict:
            #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
        default:
            #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
        }
    }

    @Test(arguments: ["xml-not-well-formed", "invalid-id"])
    func `XS-28: names of RFC 3920 are understood and never sent`(name: String) throws {
        let element = XMLElement(Namespace.stream, "error", [XMLElement(Namespace.streamErrors, name)])
        let error = StreamError(element)
        #expect(error.condition == .notWellFormed || error.condition == .invalidFrom)
        #expect(!StreamError.Condition.allCases.contains { $0.rawValue == name })
        #expect(StreamError.Condition.allCases.count == 25)
    }

    @Test func `XS-12: an unknown condition during setup is undefined, and no refusal`() {
        var stream = Initiating.awaitingFeatures.stream
        let element = XMLElement(
            Namespace.stream, "error",
            [
                XMLElement(Namespace.streamErrors, "frobnicate"),
                XMLElement(Namespace.streamErrors, "text", text: "host-unknown"),
            ])
        let actions = stream.handle(.elementReceived(element))
        #expect(actions.first == .report(.peerError(StreamError(.undefinedCondition, "host-unknown"))))
        #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
    }

    @Test(arguments: ["other.example", "other.example:5270", "[2001:db8::1]", "[2001:db8::1]:5270"])
    func `XS-23: a redirect counts only from who has proved to be the target`(place: String) {
        let element = XMLElement(
            Namespace.stream, "error", [XMLElement(Namespace.streamErrors, "see-other-host", text: place)])
        for state in [Initiating.awaitingFeatures, .asking, .proving] {
            var stream = state.stream
            let actions = stream.handle(.elementReceived(element))
            #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
        }
        var stream = Initiating.proven.stream
        #expect(stream.handle(.elementReceived(element)).compactMap(\.failure) == [.redirected(to: place)])
    }

    @Test func `XS-23: a redirect to nowhere is not followed`() {
        var stream = Initiating.proven.stream
        let actions = stream.handle(.elementReceived(StreamError(.seeOtherHost).element))
        #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
    }

    // MARK: - The end

    @Test func `RT-06: a failure is told once, and before the connection is let go`() {
        for state in Initiating.allCases where ![.established, .closing, .closed, .idle].contains(state) {
            for event in [StreamEvent.closedByPeer, .failed(StreamError(.badFormat)), .deadlinePassed(.negotiation)] {
                var stream = state.stream
                let actions = stream.handle(event)
                #expect(actions.compactMap(\.failure).count == 1, "\(state) \(event)")
                #expect(actions.last == .disconnect, "\(state) \(event)")
                #expect(stream.handle(event) == [])
            }
        }
    }

    @Test func `XS-17: an established stream closes in order, which is no failure`() {
        var stream = Initiating.established.stream
        #expect(
            stream.handle(.closeRequested(nil)) == [
                .disarm(.idle), .disarm(.keepalive), .disarm(.answer), .disarm(.negotiation), .sendClosingTag,
                .arm(.closing),
            ])
        #expect(stream.handle(.closedByPeer) == [.disconnect])
        stream = Initiating.established.stream
        #expect(stream.handle(.closedByPeer) == [.sendClosingTag, .disconnect])
        stream = Initiating.closing.stream
        #expect(stream.handle(.deadlinePassed(.closing)) == [.disconnect])
    }

    @Test func `KA-02, KA-04: only an established stream is kept alive, or closed for being idle`() {
        for state in Initiating.allCases where state != .established {
            var stream = state.stream
            #expect(stream.handle(.deadlinePassed(.keepalive)) == [])
            #expect(stream.handle(.deadlinePassed(.idle)) == [])
        }
        var stream = Initiating.established.stream
        #expect(stream.handle(.deadlinePassed(.keepalive)) == [.checkPeer, .arm(.keepalive)])
        #expect(stream.handle(.deadlinePassed(.idle)).contains(.sendClosingTag))
    }

    @Test func `KA-03: a check that nobody answers ends the stream, an answer keeps it`() {
        var stream = Initiating.established.stream
        #expect(stream.handle(.peerAnswered) == [.disarm(.answer)])
        #expect(stream.isEstablished)
        let actions = stream.handle(.deadlinePassed(.answer))
        #expect(actions.compactMap(\.errorSent) == [.connectionTimeout])
        #expect(actions.contains(.sendClosingTag))
        for state in Initiating.allCases where state != .established {
            var stream = state.stream
            #expect(stream.handle(.peerAnswered) == [])
            #expect(stream.handle(.deadlinePassed(.answer)) == [])
        }
    }
}
