import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("The end of a stream on the receiving side")
struct ReceivingStreamEndTests {
    @Test func `XS-11: an error is final`() {
        var stream = Receiving.established.stream
        expectClosed(stream.handle(.failed(StreamError(.notWellFormed))), .notWellFormed)
        #expect(stream.handle(.stanzasReceived([Receiving.good])) == [])
    }

    @Test(arguments: [Receiving.inClear, .proven, .established])
    func `XS-11: the peer's error is answered by the closing tag`(state: Receiving) {
        var stream = state.stream
        let error = StreamError(.reset)
        #expect(
            stream.handle(.elementReceived(error.element)) == [
                .report(.peerError(error)), .sendClosingTag, .disconnect,
            ])
        #expect(stream.handle(.stanzasReceived([Receiving.good])) == [])
    }

    @Test func `XS-12: an unknown condition counts as undefined, whatever its text says`() {
        var stream = Receiving.established.stream
        let element = XMLElement(
            Namespace.stream, "error",
            [
                XMLElement(Namespace.streamErrors, "frobnicate"),
                XMLElement(Namespace.streamErrors, "text", text: "host-unknown"),
            ])
        #expect(
            stream.handle(.elementReceived(element)).first
                == .report(.peerError(StreamError(.undefinedCondition, "host-unknown"))))
    }

    @Test func `XS-17: after our closing tag stanzas are taken until the peer's`() {
        var stream = Receiving.established.stream
        let closing: [StreamAction] = [
            .disarm(.idle), .disarm(.keepalive), .disarm(.negotiation), .sendClosingTag, .arm(.closing),
        ]
        #expect(stream.handle(.closeRequested(nil)) == closing)
        #expect(stream.handle(.stanzasReceived([Receiving.good])).compactMap(\.delivered) == [[Receiving.good]])
        #expect(stream.handle(.closedByPeer) == [.disconnect])
        stream = Receiving.closing.stream
        #expect(stream.handle(.deadlinePassed(.closing)) == [.disconnect])
    }

    @Test func `XS-17: a wrong stanza behind our closing tag ends the connection without another word`() {
        var stream = Receiving.closing.stream
        let bad = Receiving.stanza(from: "x@c.example", to: "u@b.example")
        #expect(stream.handle(.stanzasReceived([bad])) == [.disconnect])
    }

    @Test func `XS-11: the peer's error behind our closing tag ends the taking of stanzas`() {
        var stream = Receiving.closing.stream
        let error = StreamError(.reset)
        #expect(stream.handle(.elementReceived(error.element)) == [.report(.peerError(error)), .disconnect])
    }

    @Test func `XS-24: a shutdown is said on every stream`() {
        for state in [Receiving.inClear, .proven, .established] {
            var stream = state.stream
            let actions = stream.handle(.closeRequested(StreamError(.systemShutdown)))
            #expect(actions.compactMap(\.errorSent) == [.systemShutdown])
            #expect(actions.contains(.sendClosingTag))
        }
    }

    @Test(arguments: [StreamEvent.failed(StreamError(.unsupportedEncoding)), .deadlinePassed(.negotiation)])
    func `XS-03: an error before any header has an opening tag with an identifier`(event: StreamEvent) {
        var stream = Receiving.fresh.stream
        let actions = stream.handle(event)
        #expect(actions.compactMap(\.header).map(\.id) == ["error-id"])
        #expect(actions.compactMap(\.errorSent).count == 1)
    }

    @Test func `XS-11: who leaves before a stream is open is sent nothing`() {
        var stream = Receiving.fresh.stream
        #expect(stream.handle(.closedByPeer) == [.disconnect])
    }

    @Test func `DO-05: a peer that does not authenticate in time is closed`() {
        for state in [Receiving.inClear, .awaitingProof, .proven, .restarted] {
            var stream = state.stream
            expectClosed(stream.handle(.deadlinePassed(.negotiation)), .connectionTimeout)
        }
    }

    @Test func `KA-02, KA-04, TL-04: only an established stream is kept alive, or closed for being idle`() {
        for state in Receiving.allCases where state != .established {
            var stream = state.stream
            #expect(stream.handle(.deadlinePassed(.keepalive)) == [])
            #expect(stream.handle(.deadlinePassed(.idle)) == [])
        }
        var stream = Receiving.established.stream
        #expect(stream.handle(.deadlinePassed(.keepalive)) == [.sendWhitespace, .arm(.keepalive)])
        #expect(stream.handle(.deadlinePassed(.idle)).contains(.sendClosingTag))
    }
}
