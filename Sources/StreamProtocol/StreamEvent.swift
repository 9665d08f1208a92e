public import DomainAssociation
public import XMPPModel

/// What happens to a stream.
public enum StreamEvent: Hashable, Sendable {
    /// The connection is there; the initiating side begins.
    case connected
    /// The peer's opening tag. `freshID` is the unguessable identifier for our answer (XS-03).
    case headerReceived(StreamHeader, freshID: String)
    /// A first-level element that is no stanza.
    case elementReceived(XMLElement)
    /// Stanzas, in order.
    case stanzasReceived([Stanza])
    /// TLS is up; a new stream begins.
    case secured(presentedCertificate: Bool)
    /// A proof that was asked for has ended.
    case proofConcluded(ProofConclusion)
    /// `</stream:stream>`, or the end of the connection.
    case closedByPeer
    /// What arrived breaks the rules of XML or a limit.
    case failed(StreamError)
    /// A further pair is wanted on the stream: one of our domains to a domain of the peer's (RFC 7712 §4.4). The answer is
    /// ``StreamAction/established(_:)`` or ``StreamAction/pairFailed(_:_:)``; on a stream of ours that is not established it
    /// waits for that.
    case associate(DomainPair)
    /// A key is to be asked about on a stream that we opened to the server that it should be from. The answer is
    /// ``StreamAction/answered(_:_:)``.
    case ask(DialbackQuestion)
    /// What came of a question that this stream had by ``StreamAction/verify(_:)``.
    case questionAnswered(DialbackQuestion, DialbackAnswer)
    /// What these pairs rest on holds no more, and the others flow on. On a stream of both directions the reverse of each goes
    /// with it. The answer is ``StreamAction/withdrawn(_:)`` for each, unless nothing else is left: then the stream closes.
    case revoke([DomainPair], Revocation)
    /// The peer answered a check, in whatever words (KA-03).
    case peerAnswered
    /// A deadline passed.
    case deadlinePassed(StreamDeadline)
    /// The operator, a shutdown or the end of a proof asks for a close.
    case closeRequested(StreamError?)
}
