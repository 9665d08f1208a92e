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
    /// For the answer to a check.
    case answer
}
