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
    /// Show that the connection lives: by a ping, with ``StreamDeadline/answer`` armed, when the answer has a way to come;
    /// otherwise by one space (RFC 6120 §4.6).
    case checkPeer
    /// Begin TLS with the next byte; what the parser still holds is dropped (TL-03).
    case startTLS
    /// A new stream on the same connection: new parser.
    case restart
    /// Have it decided whether the peer speaks for its side of the pair.
    case prove(DomainPair, DomainClaim.Side)
    /// From now on the stream carries this pair.
    case established(Association)
    /// From now on the stream does not carry this pair any more, and carries others: what goes out needs another stream, until
    /// the pair is established anew.
    case withdrawn(Association)
    /// Have the authoritative server of the pair's sender asked about a key, on another connection (DB-12, DB-13).
    case verify(DialbackQuestion)
    /// A stream that was opened for questions takes them now.
    case readyForQuestions
    /// What came of a question that was to be asked on this stream.
    case answered(DialbackQuestion, DialbackAnswer)
    /// A further pair that was wanted did not come about.
    case pairFailed(DomainPair, PairFailure)
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
