public import DomainAssociation
public import XMPPModel

/// When a feature has its turn; features of an earlier stage go first (XEP-0170).
public enum NegotiationStage: Int, Hashable, Sendable, Comparable {
    /// The stream is made confidential.
    case encryption
    /// Whatever has to be known before anybody is authenticated.
    case beforeAuthentication
    /// The peer's domain, or ours, is authenticated.
    case authentication
    /// Whatever concerns the stream once stanzas may flow.
    case afterAuthentication

    /// Orders by time.
    public static func < (left: NegotiationStage, right: NegotiationStage) -> Bool { left.rawValue < right.rawValue }
}

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

/// What happens to a feature.
public enum FeatureEvent: Hashable, Sendable {
    /// The initiating side's turn has come; the element is what the peer announces, nil when it announces nothing.
    case advertised(XMLElement?)
    /// A first-level element in one of the feature's namespaces.
    case received(XMLElement)
}

/// What a feature asks its stream to do. The order is kept.
public enum FeatureAction: Hashable, Sendable {
    /// Write an element.
    case send(XMLElement)
    /// Begin TLS with the next byte.
    case startTLS
    /// The turn stays here until the peer answers.
    case waitForPeer
    /// Authentication is complete: the peer's as receiving side, ours as initiating side. The stream restarts.
    case authenticated(Association.Mechanism)
    /// The peer takes no stanza beyond these limits (XEP-0478).
    case adoptPeerLimits(PeerLimits)
    /// Close the stream; no error when the protocol has already said why.
    case close(StreamError?)
    /// As initiating side: this peer cannot be used; says why to the operator.
    case giveUp(reason: String)
    /// A fact for the log.
    case report(StreamReport)
}

/// What a peer announces that it takes (XEP-0478 §3.1).
public struct PeerLimits: Hashable, Sendable {
    /// The largest stanza in octets, or nil for no stated limit.
    public var maximumBytes: Int?
    /// After how many seconds of silence the peer may close, or nil.
    public var idleSeconds: Int?

    /// Makes limits.
    public init(maximumBytes: Int? = nil, idleSeconds: Int? = nil) {
        self.maximumBytes = maximumBytes
        self.idleSeconds = idleSeconds
    }
}
