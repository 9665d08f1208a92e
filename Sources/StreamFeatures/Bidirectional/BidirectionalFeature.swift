public import StreamProtocol
public import XMPPModel

/// Stanzas in both directions over one connection (XEP-0288).
///
/// The feature only agrees on it. Which pairs may flow back is decided for each pair that is proved.
public struct BidirectionalFeature: StreamFeature {
    /// See ``StreamFeature/namespaces``.
    public let namespaces: Set<String> = [Namespace.bidirectionalFeature, Namespace.bidirectional]
    /// See ``StreamFeature/stage``.
    public let stage = NegotiationStage.beforeAuthentication

    private let limits: PeerLimits

    /// A fresh feature.
    ///
    /// - Parameter limits: What we take as initiating side, which has no features to say it in (XEP-0478 §3.2).
    public init(limits: PeerLimits = PeerLimits()) { self.limits = limits }

    /// `<bidi/>`, before TLS and after it, until a pair is proved.
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        stream.hasAssociation ? nil : XMLElement(Namespace.bidirectionalFeature, "bidi")
    }

    /// Asks for both directions as initiating side, agrees as receiving side; there is no reply.
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised(let element?), .initiating)
        where element.is(Namespace.bidirectionalFeature, "bidi") && stream.isEncrypted && !stream.hasAssociation:
            let announced = StreamLimitsFeature.element(limits).map { [$0] } ?? []
            return [.send(XMLElement(Namespace.bidirectional, "bidi", announced)), .useBothDirections]
        case (.received(let element), .receiving)
        where element.is(Namespace.bidirectional, "bidi") && stream.isEncrypted && !stream.hasAssociation:
            let announced = element.first(Namespace.streamLimits, "limits").map(StreamLimitsFeature.read)
            return [.useBothDirections] + (announced.map { [.adoptPeerLimits($0)] } ?? [])
        case (.received, _):
            // In the clear it counts for nothing, since TLS starts a new stream; late, or from the wrong side, it would open
            // a direction nobody proved.
            return []
        case (.advertised, _): return []
        }
    }
}
