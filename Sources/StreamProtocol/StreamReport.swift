public import DomainAssociation
public import XMPPModel

/// A fact that a stream reports; ``StreamAction/report(_:)`` carries it to the log.
public enum StreamReport: Hashable, Sendable {
    /// The peer's claim was not proved.
    case proofRefused(ProofConclusion)
    /// The peer's `from` or `to` is no address.
    case invalidAddress(String, AddressError)
    /// We close the stream with an error.
    case closing(StreamError)
    /// The peer closed the stream with an error.
    case peerError(StreamError)
    /// The peer refused our authentication.
    case authenticationRefused(condition: String, text: String?)
    /// The peer failed to authenticate.
    case authenticationFailed(condition: String)
    /// A fact about dialback.
    case dialback(DialbackReport)
}
