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
    private let isWanted: @Sendable (DomainName) -> Bool

    /// A fresh feature.
    ///
    /// - Parameters:
    ///   - limits: What we take as initiating side, which has no features to say it in (XEP-0478 §3.2).
    ///   - isWanted: Whether streams with a remote domain may carry both directions.
    public init(
        limits: PeerLimits = PeerLimits(), isWanted: @escaping @Sendable (DomainName) -> Bool = { _ in true }
    ) {
        self.limits = limits
        self.isWanted = isWanted
    }

    /// `<bidi/>`, before TLS and after it, until a pair is proved.
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        // Before TLS the peer need not have said who it is, and nothing of it counts.
        mayAgree(on: stream) || stream.remoteDomain == nil && !stream.isEncrypted
            ? XMLElement(Namespace.bidirectionalFeature, "bidi") : nil
    }

    private func mayAgree(on stream: StreamFacts) -> Bool {
        !stream.hasAssociation && stream.remoteDomain.map(isWanted) ?? false
    }

    /// Asks for both directions as initiating side, agrees as receiving side; there is no reply.
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised(let element?), .initiating)
        where element.is(Namespace.bidirectionalFeature, "bidi") && stream.isEncrypted && mayAgree(on: stream):
            let announced = StreamLimitsFeature.element(limits).map { [$0] } ?? []
            return [.send(XMLElement(Namespace.bidirectional, "bidi", announced)), .useBothDirections]
        case (.received(let element), .receiving)
        where element.is(Namespace.bidirectional, "bidi") && stream.isEncrypted && mayAgree(on: stream):
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
