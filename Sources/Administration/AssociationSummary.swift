public import XMPPModel

/// One element of `associations`: a domain pair, how the remote domain was proved, and what the proof rests on.
public struct AssociationSummary: Hashable, Sendable {
    /// What one prooftype said.
    public struct Verdict: Hashable, Sendable, Codable {
        /// The prooftype.
        public var prooftype: String
        /// `proven`, `matched` (it met a condition and proves nothing), `inconclusive`, `unavailable` or `refuted`.
        public var result: String
        /// Why.
        public var reason: String

        /// Makes a verdict.
        public init(prooftype: String, result: String, reason: String) {
            self.prooftype = prooftype
            self.result = result
            self.reason = reason
        }
    }

    /// The domain that is ours.
    public var local: DomainName
    /// The domain that was proved.
    public var remote: DomainName
    /// Who opened the stream on which the remote domain was proved.
    public var direction: StreamDirection
    /// Whether stanzas come in under it; otherwise they go out. It differs from ``direction`` on streams of both directions
    /// alone (XEP-0288).
    public var isIncoming: Bool
    /// `dane`, `posh`, `pkix`, `dialback` or `none`.
    public var prooftype: String
    /// `external`, `dialback`, `assertion`, `supposition` or `server-identity`.
    public var mechanism: String
    /// `authenticated`, `encrypted` or `verified`.
    public var level: String
    /// Whether secure DNS led to the peer (PT-03).
    public var secureDelegation: Bool
    /// What the prooftype found.
    public var evidence: EvidenceSummary
    /// What every prooftype said, the successful one included.
    public var verdicts: [Verdict]
    /// The stream; nil when it has ended and the association outlives it.
    public var stream: StreamID?
    /// When the association began.
    public var since: Timestamp
    /// When the proof ends; nil for never.
    public var expires: Timestamp?

    /// Makes a summary.
    ///
    /// - Parameter isIncoming: nil: as the direction says.
    public init(
        local: DomainName, remote: DomainName, direction: StreamDirection, isIncoming: Bool? = nil, prooftype: String,
        mechanism: String, level: String, secureDelegation: Bool, evidence: EvidenceSummary, verdicts: [Verdict] = [],
        stream: StreamID?,
        since: Timestamp, expires: Timestamp?
    ) {
        self.local = local
        self.remote = remote
        self.direction = direction
        self.isIncoming = isIncoming ?? (direction == .inbound)
        self.prooftype = prooftype
        self.mechanism = mechanism
        self.level = level
        self.secureDelegation = secureDelegation
        self.evidence = evidence
        self.verdicts = verdicts
        self.stream = stream
        self.since = since
        self.expires = expires
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension AssociationSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case local, remote, direction, prooftype, mechanism, level
        case isIncoming = "incoming"
        case secureDelegation = "secure_delegation"
        case evidence, verdicts, stream, since, expires
    }

    /// Writes the element of `associations --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(local, forKey: .local)
        try container.encode(remote, forKey: .remote)
        try container.encode(direction, forKey: .direction)
        try container.encode(isIncoming, forKey: .isIncoming)
        try container.encode(prooftype, forKey: .prooftype)
        try container.encode(mechanism, forKey: .mechanism)
        try container.encode(level, forKey: .level)
        try container.encode(secureDelegation, forKey: .secureDelegation)
        try container.encode(evidence, forKey: .evidence)
        try container.encode(verdicts, forKey: .verdicts)
        try container.encode(stream, forKey: .stream)
        try container.encode(since, forKey: .since)
        try container.encode(expires, forKey: .expires)
    }
}
