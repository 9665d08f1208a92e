public import XMPPModel

/// One element of `streams`.
public struct StreamSummary: Hashable, Sendable {
    /// What the stream is for.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Another domain's server.
        case s2s
        /// A backend by XEP-0114.
        case component
        /// A server behind us, on the trusted side.
        case inside
    }

    /// How far the stream has come.
    public enum State: String, Hashable, Sendable, Codable {
        /// TCP or TLS is being set up.
        case connecting
        /// Features and authentication.
        case negotiating
        /// At least one pair is associated, or the component's handshake is done.
        case established
        /// Disconnected; may be resumed (XEP-0198).
        case detached
        /// One side has sent its closing tag.
        case closing
    }

    /// What protects a stream.
    public struct TLS: Hashable, Sendable {
        /// As OpenSSL writes it: `TLSv1.3`.
        public var version: String
        /// The cipher suite, as OpenSSL writes it.
        public var cipher: String
        /// Whether TLS came before the stream header (XEP-0368).
        public var direct: Bool
        /// SHA-256 of the peer's certificate in lower-case hexadecimal; nil when it sent none.
        public var peerCertificateSHA256: String?

        /// Makes a description.
        public init(version: String, cipher: String, direct: Bool, peerCertificateSHA256: String?) {
            self.version = version
            self.cipher = cipher
            self.direct = direct
            self.peerCertificateSHA256 = peerCertificateSHA256
        }
    }

    /// The stream's name inside this process.
    public var id: StreamID
    /// What it is for.
    public var kind: Kind
    /// Who opened it.
    public var direction: StreamDirection
    /// The other end: `192.0.2.7:5269` or `[2001:db8::7]:5269`.
    public var peerAddress: String
    /// How far it has come.
    public var state: State
    /// The sender domain of the first stream header; nil before it is known.
    public var from: DomainName?
    /// The target domain of the first stream header; nil before it is known.
    public var to: DomainName?
    /// What protects it; nil in clear.
    public var tls: TLS?
    /// Whether stanzas flow both ways (XEP-0288).
    public var bidirectional: Bool
    /// Whether it can be resumed (XEP-0198).
    public var resumable: Bool
    /// How many domain pairs it carries.
    public var pairs: Int
    /// What proved them, each named once: `dane`, `posh`, `pkix`, `dialback`, `none` (RFC 7590 §3.6).
    public var prooftypes: [String]
    /// Stanzas received.
    public var stanzasIn: Int
    /// Stanzas sent.
    public var stanzasOut: Int
    /// Bytes received on the socket.
    public var bytesIn: Int
    /// Bytes sent on the socket.
    public var bytesOut: Int
    /// Stanzas that wait for this stream.
    public var queued: Int
    /// When the connection was made or accepted.
    public var since: Timestamp

    /// Makes a summary of a stream that has only begun; the rest is set afterwards.
    public init(
        id: StreamID, kind: Kind, direction: StreamDirection, peerAddress: String, state: State, since: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.direction = direction
        self.peerAddress = peerAddress
        self.state = state
        self.since = since
        bidirectional = false
        resumable = false
        pairs = 0
        prooftypes = []
        stanzasIn = 0
        stanzasOut = 0
        bytesIn = 0
        bytesOut = 0
        queued = 0
    }
}

// The synthesised form would leave a nil member away; scripts find every name, with null where there is nothing.
extension StreamSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, kind, direction
        case peerAddress = "peer_address"
        case state, from, to, tls, bidirectional, resumable, pairs, prooftypes
        case stanzasIn = "stanzas_in"
        case stanzasOut = "stanzas_out"
        case bytesIn = "bytes_in"
        case bytesOut = "bytes_out"
        case queued, since
    }

    /// Writes the element of `streams --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(kind, forKey: .kind)
        try container.encode(direction, forKey: .direction)
        try container.encode(peerAddress, forKey: .peerAddress)
        try container.encode(state, forKey: .state)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(tls, forKey: .tls)
        try container.encode(bidirectional, forKey: .bidirectional)
        try container.encode(resumable, forKey: .resumable)
        try container.encode(pairs, forKey: .pairs)
        try container.encode(prooftypes, forKey: .prooftypes)
        try container.encode(stanzasIn, forKey: .stanzasIn)
        try container.encode(stanzasOut, forKey: .stanzasOut)
        try container.encode(bytesIn, forKey: .bytesIn)
        try container.encode(bytesOut, forKey: .bytesOut)
        try container.encode(queued, forKey: .queued)
        try container.encode(since, forKey: .since)
    }
}

extension StreamSummary.TLS: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, cipher, direct
        case peerCertificateSHA256 = "peer_certificate_sha256"
    }

    /// Writes the member `tls`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(cipher, forKey: .cipher)
        try container.encode(direct, forKey: .direct)
        try container.encode(peerCertificateSHA256, forKey: .peerCertificateSHA256)
    }
}
