import StreamProtocol
import Testing
import XMPPModel

@Suite("The worked example of a stream feature")
struct GreetingFeatureTests {
    private let greeting = XMLElement("urn:example:greeting", "greeting")
    private let hello = XMLElement("urn:example:greeting", "hello")

    @Test func `a greeting is returned, once`() {
        var initiating = GreetingFeature()
        var receiving = GreetingFeature()
        let ours = StreamFacts(role: .initiating, isEncrypted: true, hasAssociation: true)
        let theirs = StreamFacts(role: .receiving, isEncrypted: true, hasAssociation: true)
        #expect(receiving.advertisement(on: theirs) == greeting)
        #expect(initiating.handle(.advertised(greeting), on: ours) == [.send(hello), .waitForPeer])
        #expect(receiving.handle(.received(hello), on: theirs) == [.send(hello)])
        #expect(initiating.handle(.received(hello), on: ours) == [])
        #expect(initiating.handle(.received(hello), on: ours) == [.close(StreamError(.unsupportedStanzaType))])
    }

    @Test(arguments: [StreamRole.initiating, .receiving])
    func `nobody greets before authentication`(role: StreamRole) {
        var feature = GreetingFeature()
        let facts = StreamFacts(role: role, isEncrypted: true)
        #expect(feature.advertisement(on: facts) == nil)
        #expect(feature.handle(.advertised(greeting), on: facts) == [])
        #expect(feature.handle(.received(hello), on: facts) == [.close(StreamError(.unsupportedStanzaType))])
    }
}
