import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@testable import StreamFeatures

@Suite("XEP-0478 stream limits")
struct StreamLimitsFeatureTests {
    private static let feature = StreamLimitsFeature(
        beforeAuthentication: PeerLimits(maximumBytes: 16_384),
        afterAuthentication: PeerLimits(maximumBytes: 262_144, idleSeconds: 600))

    private static func limits(_ values: KeyValuePairs<String, String>) -> XMLElement {
        XMLElement(
            Namespace.streamLimits, "limits",
            values.map { XMLElement(Namespace.streamLimits, $0.key, text: $0.value) })
    }

    @Test func `LM-01: each stage announces what it enforces`() {
        let before = StreamFacts(role: .receiving, isEncrypted: true)
        let after = StreamFacts(role: .receiving, isEncrypted: true, hasAssociation: true)
        #expect(Self.feature.advertisement(on: before) == Self.limits(["max-bytes": "16384"]))
        #expect(
            Self.feature.advertisement(on: after) == Self.limits(["max-bytes": "262144", "idle-seconds": "600"]))
    }

    @Test func `TL-01, LM-01: nothing is announced in clear, nor when there is nothing to announce`() {
        #expect(Self.feature.advertisement(on: StreamFacts(role: .receiving)) == nil)
        let silent = StreamLimitsFeature(beforeAuthentication: PeerLimits(), afterAuthentication: PeerLimits())
        #expect(silent.advertisement(on: StreamFacts(role: .receiving, isEncrypted: true)) == nil)
    }

    @Test func `LM-03: the peer's limits hold until it announces others`() {
        var feature = Self.feature
        let stream = StreamFacts(role: .initiating, isEncrypted: true)
        let announced = FeatureEvent.advertised(Self.limits(["max-bytes": "10000", "idle-seconds": "600"]))
        let expected = PeerLimits(maximumBytes: 10_000, idleSeconds: 600)
        #expect(feature.handle(announced, on: stream) == [.adoptPeerLimits(expected)])
        #expect(feature.handle(announced, on: stream) == [])
        #expect(feature.handle(.advertised(nil), on: stream) == [.adoptPeerLimits(PeerLimits())])
    }

    @Test(arguments: ["", "0", "-1", "many", "1.5", "99999999999999999999"])
    func `LM-04: what cannot be read counts as absent`(text: String) {
        #expect(
            StreamLimitsFeature.read(Self.limits(["max-bytes": text, "idle-seconds": "60"]))
                == PeerLimits(idleSeconds: 60))
        #expect(StreamLimitsFeature.read(Self.limits(["idle-seconds": text])) == PeerLimits())
    }

    @Test func `LM-04, TL-05: an announcement in clear means nothing`() {
        var feature = Self.feature
        let announced = FeatureEvent.advertised(Self.limits(["max-bytes": "1"]))
        #expect(feature.handle(announced, on: StreamFacts(role: .initiating)) == [])
    }

    @Test func `XS-20: limits outside the features are unsupported`() {
        var feature = Self.feature
        let stream = StreamFacts(role: .receiving, isEncrypted: true)
        #expect(
            feature.handle(.received(Self.limits([:])), on: stream) == [.close(StreamError(.unsupportedStanzaType))])
    }
}
