import StreamFeatures
import StreamProtocol
import Testing
import XMPPModel

@Suite("XEP-0288 bidirectional streams")
struct BidirectionalFeatureTests {
    private static func stream(
        _ role: StreamRole, isEncrypted: Bool = true, hasAssociation: Bool = false, with remote: String? = "b.example"
    ) -> StreamFacts {
        StreamFacts(
            role: role, isEncrypted: isEncrypted, hasAssociation: hasAssociation,
            remoteDomain: remote.flatMap { try? DomainName($0) })
    }

    private static let request = XMLElement(Namespace.bidirectional, "bidi")
    private static let announced = XMLElement(Namespace.bidirectionalFeature, "bidi")

    @Test(arguments: [false, true])
    func `BI-01: it is announced before TLS and after it, until a pair is proved`(isEncrypted: Bool) {
        let feature = BidirectionalFeature()
        #expect(feature.advertisement(on: Self.stream(.receiving, isEncrypted: isEncrypted)) == Self.announced)
        let proved = Self.stream(.receiving, isEncrypted: isEncrypted, hasAssociation: true)
        #expect(feature.advertisement(on: proved) == nil)
    }

    @Test func `BI-02: a request after TLS opens the other direction, without a reply`() {
        var feature = BidirectionalFeature()
        let stream = Self.stream(.receiving)
        #expect(feature.handle(.received(Self.request), on: stream) == [.useBothDirections])
    }

    @Test(arguments: [
        Self.stream(.receiving, isEncrypted: false),
        Self.stream(.receiving, hasAssociation: true),
        Self.stream(.initiating),
    ])
    func `BI-02: a request out of turn has no effect`(stream: StreamFacts) {
        var feature = BidirectionalFeature()
        #expect(feature.handle(.received(Self.request), on: stream) == [])
    }

    @Test func `BI-02: the two namespaces are not to be confused`() {
        var feature = BidirectionalFeature()
        let stream = Self.stream(.receiving)
        #expect(feature.handle(.received(Self.announced), on: stream) == [])
    }

    @Test func `BI-02: we ask under TLS, before anybody is authenticated, where it is announced`() {
        var feature = BidirectionalFeature()
        let stream = Self.stream(.initiating)
        #expect(feature.handle(.advertised(Self.announced), on: stream) == [.send(Self.request), .useBothDirections])
        #expect(feature.stage < NegotiationStage.authentication)
    }

    @Test(arguments: [
        Self.stream(.initiating, isEncrypted: false), Self.stream(.initiating, hasAssociation: true),
    ])
    func `BI-02, BI-08: out of turn we do not ask`(stream: StreamFacts) {
        var feature = BidirectionalFeature()
        #expect(feature.handle(.advertised(Self.announced), on: stream) == [])
        #expect(feature.handle(.advertised(nil), on: stream) == [])
    }

    @Test(arguments: [StreamRole.receiving, .initiating])
    func `BI-08: where the configuration wants one direction it is neither announced nor agreed to`(role: StreamRole) {
        let own = "b.example"
        var feature = BidirectionalFeature(isWanted: { $0.description == own })
        for (remote, isWanted) in [("b.example", true), ("c.example", false), (nil, false)] {
            let stream = Self.stream(role, with: remote)
            #expect((feature.advertisement(on: stream) != nil) == isWanted)
            let event: FeatureEvent = role == .receiving ? .received(Self.request) : .advertised(Self.announced)
            #expect(feature.handle(event, on: stream).contains(.useBothDirections) == isWanted)
        }
    }

    @Test func `BI-01: before TLS it is announced to a peer that has not said who it is`() {
        let feature = BidirectionalFeature(isWanted: { _ in false })
        #expect(feature.advertisement(on: Self.stream(.receiving, isEncrypted: false, with: nil)) == Self.announced)
        #expect(feature.advertisement(on: Self.stream(.receiving, with: nil)) == nil)
    }

    @Test func `LM-02: our limits go inside the request, and the peer's are read there`() {
        var feature = BidirectionalFeature(limits: PeerLimits(maximumBytes: 262_144, idleSeconds: 600))
        let actions = feature.handle(
            .advertised(Self.announced), on: Self.stream(.initiating))
        let limits = XMLElement(
            Namespace.streamLimits, "limits",
            [
                XMLElement(Namespace.streamLimits, "max-bytes", text: "262144"),
                XMLElement(Namespace.streamLimits, "idle-seconds", text: "600"),
            ])
        let request = XMLElement(Namespace.bidirectional, "bidi", [limits])
        #expect(actions == [.send(request), .useBothDirections])
        let received = feature.handle(.received(request), on: Self.stream(.receiving))
        #expect(
            received == [
                .useBothDirections, .adoptPeerLimits(PeerLimits(maximumBytes: 262_144, idleSeconds: 600)),
            ])
    }
}
