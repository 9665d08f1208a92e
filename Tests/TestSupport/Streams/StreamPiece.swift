/// What an XMPP stream consists of.
public enum StreamPiece: Equatable, Sendable {
    /// The opening tag of the stream.
    case header(ReceivedElement)
    /// A first-level element: a stanza, features, an error.
    case element(ReceivedElement)
    /// The closing tag of the stream.
    case end
}
