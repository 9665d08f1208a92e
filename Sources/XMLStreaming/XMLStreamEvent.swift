public import XMPPModel

/// What a stream of bytes turned out to say, in the order in which it was said.
public enum XMLStreamEvent: Hashable, Sendable {
    /// The opening tag of the stream. Whether its namespaces and addresses are acceptable is not judged here.
    case header(StreamHeader)
    /// A first-level element that is no stanza of the content namespace.
    case element(XMLElement)
    /// Stanzas that followed one another without anything between them; never empty. Where one run ends and the next
    /// begins depends on how the bytes arrived and means nothing.
    case stanzas([Stanza])
    /// `</stream:stream>`. Final: what follows is ignored.
    case closed
    /// The bytes broke a rule of XML or a limit, and this is the error to send (RFC 6120 §4.9). Final: what follows
    /// is ignored, and an element that was not complete is never seen (XS-11, XS-27).
    case failed(StreamError)
}
