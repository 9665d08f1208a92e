import StreamProtocol
import XMPPModel

/// The initiating side greets, the receiving side returns the greeting: an extension made up for this page.
struct GreetingFeature: StreamFeature {
    let namespaces: Set<String> = [Self.namespace]
    let stage = NegotiationStage.afterAuthentication

    private static let namespace = "urn:example:greeting"
    /// Each stream has a copy of its own, so this is the state of one stream.
    private var isWaiting = false

    func advertisement(on stream: StreamFacts) -> XMLElement? {
        stream.hasAssociation ? XMLElement(Self.namespace, "greeting") : nil
    }

    mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised(.some), .initiating) where stream.hasAssociation:
            isWaiting = true
            return [.send(XMLElement(Self.namespace, "hello")), .waitForPeer]
        case (.advertised, _):
            return []
        case (.received(let element), .receiving) where element.name == "hello" && stream.hasAssociation:
            return [.send(XMLElement(Self.namespace, "hello"))]
        case (.received(let element), .initiating) where element.name == "hello" && isWaiting:
            isWaiting = false
            return []
        case (.received, _):
            // Out of turn, or from the wrong side: not this feature's to understand.
            return [.close(StreamError(.unsupportedStanzaType))]
        }
    }
}
