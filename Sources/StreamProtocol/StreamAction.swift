public import DomainAssociation
public import XMPPModel

/// What a stream asks to have done. Values only, and the order is kept.
public enum StreamAction: Hashable, Sendable {
    /// Write an opening tag.
    case sendHeader(StreamHeader)
    /// Write an element.
    case send(XMLElement)
    /// Write one space.
    case sendWhitespace
    /// Begin TLS with the next byte; what the parser still holds is dropped (TL-03).
    case startTLS
    /// A new stream on the same connection: new parser.
    case restart
    /// Have it decided whether the peer speaks for its side of the pair.
    case prove(DomainPair, DomainClaim.Side)
    /// From now on the stream carries this pair.
    case established(Association)
    /// Route stanzas that came in under this association.
    case deliver([Stanza], over: Association)
    /// The peer takes no more than this.
    case adoptPeerLimits(PeerLimits)
    /// Start a deadline, or start it anew.
    case arm(StreamDeadline)
    /// Forget a deadline.
    case disarm(StreamDeadline)
    /// Write `</stream:stream>`.
    case sendClosingTag
    /// Send what is buffered, end TLS and TCP in order, and take no more input.
    case disconnect
    /// As initiating side: the attempt has failed.
    case fail(StreamFailure)
    /// A fact for the log.
    case report(StreamReport)
}

/// Why a stream that we opened came to nothing.
public enum StreamFailure: Hashable, Sendable {
    /// The peer could not be proved or refused us: another try will end the same way.
    case unauthenticated(reason: String)
    /// The negotiation broke: another endpoint, or another time, may do better.
    case broken(reason: String)
    /// The peer says that the domain is not there (`host-unknown`, `host-gone`).
    case refused(StreamError)
    /// The peer asks us to go elsewhere, over a protected stream (XS-23).
    case redirected(to: String)
}

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
}
