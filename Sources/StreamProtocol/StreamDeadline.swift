/// A deadline of a stream; how long each is stands in the configuration.
public enum StreamDeadline: Hashable, Sendable, CaseIterable {
    /// How many times ``dialback`` passes until a request has failed.
    public static let dialbackParts = 4

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
    /// A quarter of the time in which a dialback request is answered or counts as failed (DB-06): one timer serves all the
    /// pairs of a stream.
    case dialback
    /// For further questions on a connection that was made for them (DB-14).
    case verifyIdle
}
