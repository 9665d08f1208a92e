public import StreamProtocol
public import XMPPModel

/// Announces server dialback with its errors, and reads what the peer announces (XEP-0220 §2.4). The protocol itself is the
/// stream's, since it lasts as long as the stream.
public struct DialbackFeature: StreamFeature {
    /// See ``StreamFeature/namespaces``.
    public let namespaces: Set<String> = [Namespace.dialbackFeature]
    /// See ``StreamFeature/stage``.
    public let stage = NegotiationStage.dialback

    /// A fresh feature.
    public init() {}

    /// `<dialback><errors/></dialback>`, where pairs may be proved by it; after authentication as well, for further pairs. In
    /// clear only for a peer that may stay there.
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        guard stream.isEncrypted || !stream.isTLSMandatory, stream.allowsDialback else { return nil }
        return XMLElement(
            Namespace.dialbackFeature, "dialback", [XMLElement(Namespace.dialbackFeature, "errors")])
    }

    /// Notes what the peer announces.
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised(let element?), .initiating):
            [.dialbackAnnounced(withErrors: element.first(Namespace.dialbackFeature, "errors") != nil)]
        case (.advertised, _): []
        case (.received, _): [.close(StreamError(.unsupportedStanzaType))]
        }
    }
}
