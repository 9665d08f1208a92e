import StreamFeatures
import StreamProtocol
import Testing
import XMPPModel

@Suite("XEP-0288 bidirectional streams")
struct BidirectionalFeatureTests {
    private static let request = XMLElement(Namespace.bidirectional, "bidi")
    private static let announced = XMLElement(Namespace.bidirectionalFeature, "bidi")

    @Test(arguments: [false, true])
    func `BI-01: it is announced before TLS and after it, until a pair is proved`(isEncrypted: Bool) {
        let feature = BidirectionalFeature()
        #expect(feature.advertisement(on: StreamFacts(role: .receiving, isEncrypted: isEncrypted)) == Self.announced)
        let proved = StreamFacts(role: .receiving, isEncrypted: isEncrypted, hasAssociation: true)
        #expect(feature.advertisement(on: proved) == nil)
    }

    @Test func `BI-02: a request after TLS opens the other direction, without a reply`() {
        var feature = BidirectionalFeature()
        let stream = StreamFacts(role: .receiving, isEncrypted: true)
        #expect(feature.handle(.received(Self.request), on: stream) == [.useBothDirections])
    }

    @Test(arguments: [
        StreamFacts(role: .receiving),
        StreamFacts(role: .receiving, isEncrypted: true, hasAssociation: true),
        StreamFacts(role: .initiating, isEncrypted: true),
    ])
    func `BI-02: a request out of turn has no effect`(stream: StreamFacts) {
        var feature = BidirectionalFeature()
        #expect(feature.handle(.received(Self.request), on: stream) == [])
    }

    @Test func `BI-02: the two namespaces are not to be confused`() {
        var feature = BidirectionalFeature()
        let stream = StreamFacts(role: .receiving, isEncrypted: true)
        #expect(feature.handle(.received(Self.announced), on: stream) == [])
    }

    @Test func `BI-02: we ask under TLS, before anybody is authenticated, where it is announced`() {
        var feature = BidirectionalFeature()
        let stream = StreamFacts(role: .initiating, isEncrypted: true)
        #expect(feature.handle(.advertised(Self.announced), on: stream) == [.send(Self.request), .useBothDirections])
        #expect(feature.stage < NegotiationStage.authentication)
    }

    @Test(arguments: [
        StreamFacts(role: .initiating), StreamFacts(role: .initiating, isEncrypted: true, hasAssociation: true),
    ])
    func `BI-02, BI-08: out of turn we do not ask`(stream: StreamFacts) {
        var feature = BidirectionalFeature()
        #expect(feature.handle(.advertised(Self.announced), on: stream) == [])
        #expect(feature.handle(.advertised(nil), on: stream) == [])
    }

    @Test func `LM-02: our limits go inside the request, and the peer's are read there`() {
        var feature = BidirectionalFeature(limits: PeerLimits(maximumBytes: 262_144, idleSeconds: 600))
        let actions = feature.handle(
            .advertised(Self.announced), on: StreamFacts(role: .initiating, isEncrypted: true))
        let limits = XMLElement(
            Namespace.streamLimits, "limits",
            [
                XMLElement(Namespace.streamLimits, "max-bytes", text: "262144"),
                XMLElement(Namespace.streamLimits, "idle-seconds", text: "600"),
            ])
        let request = XMLElement(Namespace.bidirectional, "bidi", [limits])
        #expect(actions == [.send(request), .useBothDirections])
        let received = feature.handle(.received(request), on: StreamFacts(role: .receiving, isEncrypted: true))
        #expect(
            received == [
                .useBothDirections, .adoptPeerLimits(PeerLimits(maximumBytes: 262_144, idleSeconds: 600)),
            ])
    }
}
