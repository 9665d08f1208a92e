import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("STARTTLS")
struct StartTLSFeatureTests {
    private static let command = XMLElement(Namespace.startTLS, "starttls")
    private static let refusal: [FeatureAction] = [.send(XMLElement(Namespace.startTLS, "failure")), .close(nil)]

    @Test func `TL-01: it is offered, and required`() {
        let offer = XMLElement(Namespace.startTLS, "starttls", [XMLElement(Namespace.startTLS, "required")])
        #expect(StartTLSFeature().advertisement(on: StreamFacts(role: .receiving)) == offer)
    }

    @Test func `TL-01: to a peer that may stay in clear it is offered, and not required`() {
        let stream = StreamFacts(role: .receiving, isTLSMandatory: false)
        #expect(StartTLSFeature().advertisement(on: stream) == Self.command)
    }

    @Test func `TL-05: behind a pair that was proved in clear it is not granted`() {
        var feature = StartTLSFeature()
        let stream = StreamFacts(role: .receiving, isTLSMandatory: false, hasAssociation: true)
        #expect(feature.handle(.received(Self.command), on: stream) == Self.refusal)
    }

    @Test(arguments: [true, false], [true, false])
    func `TL-07, PT-05: what does not offer it is asked, unless it was asked and TLS is not demanded`(
        isMandatory: Bool, asks: Bool
    ) {
        var stream = StreamFacts(role: .initiating, isTLSMandatory: isMandatory)
        stream.asksForTLS = asks
        var (offered, silent) = (StartTLSFeature(), StartTLSFeature())
        let asking: [FeatureAction] = [.send(Self.command), .waitForPeer]
        #expect(offered.handle(.advertised(Self.command), on: stream) == asking)
        #expect(silent.handle(.advertised(nil), on: stream) == (isMandatory || asks ? asking : []))
    }

    @Test(arguments: [
        StreamFacts(role: .receiving, isEncrypted: true), StreamFacts(role: .receiving, canEncrypt: false),
    ])
    func `TL-02, TL-05, TL-11: it is neither offered nor granted under TLS or without a certificate`(
        stream: StreamFacts
    ) {
        var feature = StartTLSFeature()
        #expect(feature.advertisement(on: stream) == nil)
        #expect(feature.handle(.received(Self.command), on: stream) == Self.refusal)
    }

    @Test func `TL-02: the command is answered by <proceed/>`() {
        var feature = StartTLSFeature()
        let answer = feature.handle(.received(Self.command), on: StreamFacts(role: .receiving))
        #expect(answer == [.send(XMLElement(Namespace.startTLS, "proceed")), .startTLS])
    }

    @Test(arguments: [
        XMLElement(Namespace.startTLS, "starttls", [XMLElement(Namespace.startTLS, "required")]),
        XMLElement(Namespace.startTLS, "proceed"), XMLElement(Namespace.startTLS, "failure"),
    ])
    func `TL-02: a malformed command is answered by <failure/>`(element: XMLElement) {
        var feature = StartTLSFeature()
        #expect(feature.handle(.received(element), on: StreamFacts(role: .receiving)) == Self.refusal)
    }

    @Test(arguments: [nil, command])
    func `TL-07: the initiator asks whether it is offered or not`(offer: XMLElement?) {
        var feature = StartTLSFeature()
        let stream = StreamFacts(role: .initiating)
        #expect(feature.handle(.advertised(offer), on: stream) == [.send(Self.command), .waitForPeer])
        let proceed = FeatureEvent.received(XMLElement(Namespace.startTLS, "proceed"))
        #expect(feature.handle(proceed, on: stream) == [.startTLS])
        #expect(feature.handle(proceed, on: stream) == [.close(StreamError(.unsupportedStanzaType))])
    }

    @Test(arguments: ["failure", "x"])
    func `TL-07, TP-07: a refusal ends the attempt`(name: String) {
        var feature = StartTLSFeature()
        let stream = StreamFacts(role: .initiating)
        _ = feature.handle(.advertised(nil), on: stream)
        let answer = feature.handle(.received(XMLElement(Namespace.startTLS, name)), on: stream)
        #expect(answer == [.giveUp(reason: "the peer refuses STARTTLS, and nothing is sent in clear")])
    }

    @Test func `TL-05: under TLS an offer is not taken up`() {
        var feature = StartTLSFeature()
        let stream = StreamFacts(role: .initiating, isEncrypted: true)
        #expect(feature.handle(.advertised(Self.command), on: stream) == [])
    }
}
