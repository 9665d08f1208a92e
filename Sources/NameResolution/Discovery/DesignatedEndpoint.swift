public import DNSMessages

/// An encrypted resolver that another one names in its place, at one of its addresses; nothing of it is proved yet.
public struct DesignatedEndpoint: Hashable, Sendable {
    /// Who named it.
    public let designator: DesignatingResolver
    /// What it speaks: TLS or HTTPS.
    public let channel: UpstreamServer.Channel
    /// The name that it is given: worth nothing as an identity.
    public let target: DNSName
    /// Where it is.
    public let address: IPAddress
    /// At which port.
    public let port: UInt16
    /// The path of the URI for questions sent by POST; nil unless it speaks HTTPS (RFC 9461 §5).
    public let path: String?

    /// Makes an endpoint.
    public init(
        designator: DesignatingResolver, channel: UpstreamServer.Channel, target: DNSName, address: IPAddress,
        port: UInt16, path: String? = nil
    ) {
        self.designator = designator
        self.channel = channel
        self.target = target
        self.address = address
        self.port = port
        self.path = path
    }

    /// Whether it may be used without a proof of who it is, if nothing else is demanded: its address is that of the
    /// resolver that named it, and one for which there are no certificates (RFC 9462 §4.3).
    public var isWhereItsDesignatorIs: Bool {
        designator == .address(address) && address.isPrivate
    }
}

extension DesignatedEndpoint: CustomStringConvertible {
    /// The endpoint in words, for an operator.
    public var description: String {
        let host = address.family == .v6 ? "[\(address)]" : "\(address)"
        let scheme = channel == .https ? "https" : "tls"
        return "\(scheme)://\(host):\(port)\(path ?? "") (\(target), designated by \(designator.authenticationName))"
    }
}
