import StreamFeatures
import StreamProtocol
import Testing

@Suite("The list of stream features")
struct AllStreamFeaturesTests {
    private static let features = AllStreamFeatures.make(
        StreamFeatureSettings(limitsBeforeAuthentication: PeerLimits(), limitsAfterAuthentication: PeerLimits()))

    @Test func `no namespace belongs to two features`() {
        let namespaces = Self.features.flatMap { Array($0.namespaces) }
        #expect(Set(namespaces).count == namespaces.count)
    }

    @Test func `TL-01: encryption comes first`() {
        #expect(Self.features.filter { $0.stage == .encryption }.count == 1)
        #expect(NegotiationStage.encryption < .beforeAuthentication)
        #expect(NegotiationStage.beforeAuthentication < .authentication)
        #expect(NegotiationStage.authentication < .afterAuthentication)
    }
}
