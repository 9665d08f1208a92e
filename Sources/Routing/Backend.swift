public import XMPPModel

/// What stands behind Ligase for some hosted domains: a component, a whole server, or a small service of our own.
///
/// A value like the streams: each connection (or, without a connection, each domain) has its own copy, so its stored
/// properties are that connection's state. It opens no socket and never traps on what it is given.
public protocol Backend: Sendable {
    /// The name that the configuration and `streams` use, such as `component`.
    static var name: String { get }

    /// Takes what happened and says what is to be done.
    mutating func handle(_ event: BackendEvent) -> [BackendAction]
}

/// What happens to a backend. A backend without a connection sees only ``stanzasRouted(_:)``.
public enum BackendEvent: Hashable, Sendable {
    /// A connection was accepted; always the first event of one.
    case connected
    /// The other side opened its stream; `id` is the unguessable identifier for our answering header.
    case headerReceived(StreamHeader, id: String)
    /// A first-level element that is no stanza.
    case elementReceived(XMLElement)
    /// Stanzas from the other side, in order.
    case stanzasReceived([Stanza])
    /// Stanzas for a domain that the backend serves, in order.
    case stanzasRouted([Stanza])
    /// `</stream:stream>` arrived.
    case closedByPeer
    /// What arrived cannot be read.
    case failed(StreamError)
    /// The deadline that was asked for has passed.
    case deadlinePassed
    /// The operator or the daemon's end asks for a close.
    case closeRequested(StreamError?)
}

/// What a backend asks to have done. The order is kept.
public enum BackendAction: Hashable, Sendable {
    /// Write an opening tag.
    case sendHeader(StreamHeader)
    /// Write an element.
    case send(XMLElement)
    /// Write stanzas to the connection.
    case forward([Stanza])
    /// From now on stanzas for this domain come here, and stanzas from it may be submitted.
    case serve(DomainName)
    /// Route stanzas that come from a served domain.
    case submit([Stanza])
    /// Return these to their senders.
    case bounce([Stanza], StanzaError)
    /// Call ``BackendEvent/deadlinePassed`` after so many seconds; nil cancels.
    case setDeadline(seconds: Double?)
    /// Write the error, if any, and the closing tag; then close the connection when the peer has closed too.
    case close(StreamError?)
    /// A fact for the log.
    case report(String)
}
