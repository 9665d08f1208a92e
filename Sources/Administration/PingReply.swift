public import XMPPModel

/// The answer to `ping`: the remote domain answered, with a result or with an error stanza.
///
/// No answer in time is an ``AdministrationFailure``.
public struct PingReply: Hashable, Sendable {
    /// The hosted domain that asked.
    public var local: DomainName
    /// The domain that answered.
    public var remote: DomainName
    /// Seconds from handing over the request to the answer; setting up a stream is part of it.
    public var roundTrip: Double
    /// The stream that carried the request; nil when it ended meanwhile.
    public var stream: StreamID?
    /// The condition of an error that came as the answer, such as `service-unavailable` of a server without XEP-0199;
    /// nil for a result.
    public var error: String?
    /// The text of that error, which says why: of the remote server, or of ours where the request did not get there.
    public var reason: String?

    /// Makes an answer.
    public init(local: DomainName, remote: DomainName, roundTrip: Double, stream: StreamID?, error: String? = nil) {
        self.local = local
        self.remote = remote
        self.roundTrip = roundTrip
        self.stream = stream
        self.error = error
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension PingReply: Codable {
    private enum CodingKeys: String, CodingKey {
        case local, remote
        case roundTrip = "round_trip"
        case stream, error, reason
    }

    /// Writes the document of `ping --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(local, forKey: .local)
        try container.encode(remote, forKey: .remote)
        try container.encode(roundTrip, forKey: .roundTrip)
        try container.encode(stream, forKey: .stream)
        try container.encode(error, forKey: .error)
        try container.encode(reason, forKey: .reason)
    }
}
