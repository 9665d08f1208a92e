public import DomainAssociation
public import XMPPModel

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
    /// Stanzas go both ways from now on, for each pair that is proved (XEP-0288).
    case useBothDirections
    /// As initiating side: the peer announces dialback, with its errors or without (XEP-0220 §2.4.2).
    case dialbackAnnounced(withErrors: Bool)
    /// Close the stream; no error when the protocol has already said why.
    case close(StreamError?)
    /// As initiating side: this peer cannot be used; says why to the operator.
    case giveUp(reason: String)
    /// A fact for the log.
    case report(StreamReport)
}
