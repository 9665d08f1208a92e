import StreamFeatures
import StreamProtocol
import Testing
import XMPPModel

@Suite("The list of stream features")
struct AllStreamFeaturesTests {
    private static let features = AllStreamFeatures.make(
        StreamFeatureSettings(
            limitsBeforeAuthentication: PeerLimits(), limitsAfterAuthentication: PeerLimits(), announcesDialback: true,
            isBidirectional: true))

    @Test func `no namespace belongs to two features`() {
        let namespaces = Self.features.flatMap { Array($0.namespaces) }
        #expect(Set(namespaces).count == namespaces.count)
    }

    @Test func `TL-01: encryption comes first`() {
        #expect(Self.features.filter { $0.stage == .encryption }.count == 1)
        #expect(NegotiationStage.encryption < .beforeAuthentication)
        #expect(NegotiationStage.beforeAuthentication < .authentication)
        #expect(NegotiationStage.authentication < .dialback)
        #expect(NegotiationStage.dialback < .afterAuthentication)
    }

    @Test func `BI-08: what the settings do not ask for is not offered`() {
        let features = AllStreamFeatures.make(
            StreamFeatureSettings(limitsBeforeAuthentication: PeerLimits(), limitsAfterAuthentication: PeerLimits()))
        let namespaces = Set(features.flatMap(\.namespaces))
        #expect(namespaces.isDisjoint(with: [Namespace.dialbackFeature, Namespace.bidirectionalFeature]))
    }
}
