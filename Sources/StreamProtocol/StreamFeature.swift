public import XMPPModel

/// A negotiable part of a stream (RFC 6120 §4.3).
///
/// A value: each stream has its own copy, so its stored properties are that stream's state. After TLS starts, a new
/// stream begins with fresh copies (TL-03).
public protocol StreamFeature: Sendable {
    /// The namespaces of the first-level elements and of the advertisement that belong to this feature.
    var namespaces: Set<String> { get }

    /// When it has its turn.
    var stage: NegotiationStage { get }

    /// What the receiving side announces in `<stream:features/>`, or nil for nothing.
    func advertisement(on stream: StreamFacts) -> XMLElement?

    /// Takes what happened and says what is to be done.
    mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction]
}
