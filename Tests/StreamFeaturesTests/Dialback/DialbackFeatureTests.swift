import StreamFeatures
import StreamProtocol
import Testing
import XMPPModel

@Suite("The announcement of dialback")
struct DialbackFeatureTests {
    private static let announced = XMLElement(
        Namespace.dialbackFeature, "dialback", [XMLElement(Namespace.dialbackFeature, "errors")])

    private static func stream(
        _ role: StreamRole = .receiving, isEncrypted: Bool = true, allows: Bool = true, hasAssociation: Bool = false
    ) -> StreamFacts {
        var facts = StreamFacts(role: role, isEncrypted: isEncrypted, hasAssociation: hasAssociation)
        facts.allowsDialback = allows
        return facts
    }

    @Test(arguments: [false, true])
    func `DB-02: under TLS it is announced with errors, and stays so for further pairs`(hasAssociation: Bool) {
        #expect(
            DialbackFeature().advertisement(on: Self.stream(hasAssociation: hasAssociation)) == Self.announced)
    }

    @Test func `DB-02, TL-01: in clear, or where no pair is proved by it, nothing is announced`() {
        #expect(DialbackFeature().advertisement(on: Self.stream(isEncrypted: false)) == nil)
        #expect(DialbackFeature().advertisement(on: Self.stream(allows: false)) == nil)
    }

    @Test func `PS-03: what the peer announces is noted, errors apart`() {
        var feature = DialbackFeature()
        let stream = Self.stream(.initiating)
        #expect(feature.handle(.advertised(Self.announced), on: stream) == [.dialbackAnnounced(withErrors: true)])
        let plain = XMLElement(Namespace.dialbackFeature, "dialback")
        #expect(feature.handle(.advertised(plain), on: stream) == [.dialbackAnnounced(withErrors: false)])
        #expect(feature.handle(.advertised(nil), on: stream) == [])
    }

    @Test(arguments: [StreamRole.receiving, .initiating])
    func `XS-20: the announcement means nothing outside the features`(role: StreamRole) {
        var feature = DialbackFeature()
        let actions = feature.handle(.received(Self.announced), on: Self.stream(role))
        #expect(actions == [.close(StreamError(.unsupportedStanzaType))])
    }
}
