public import DomainAssociation
public import XMPPModel

/// A deadline of a stream; how long each is stands in the configuration.
public enum StreamDeadline: Hashable, Sendable, CaseIterable {
    /// From the connection to authentication.
    case negotiation
    /// For the peer's closing tag.
    case closing
    /// No stanza in either direction.
    case idle
    /// No byte from us.
    case keepalive
}

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
    /// A deadline passed.
    case deadlinePassed(StreamDeadline)
    /// The operator, a shutdown or the end of a proof asks for a close.
    case closeRequested(StreamError?)
}
