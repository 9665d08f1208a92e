public import EventLoops
public import NameResolution

/// A name server with all that it takes to reach it.
public struct NameServerEndpoint: Hashable, Sendable {
    /// What decisions need to know of it.
    public var server: UpstreamServer
    /// Where it is; nil for an HTTPS server whose address is to be looked up first (RFC 8484 §10).
    public var address: SocketAddress?
    /// What it has to prove; without meaning in clear.
    public var authentication: ServerAuthentication
    /// How it is asked over HTTPS; nil for all others.
    public var https: HTTPSServerSettings?

    /// The port of name servers in clear (RFC 1035 §4.2).
    public static let cleartextPort: UInt16 = 53
    /// The port of DNS over TLS (RFC 7858 §3.1).
    public static let tlsPort: UInt16 = 853

    /// Makes an endpoint from its parts.
    public init(
        server: UpstreamServer, address: SocketAddress?,
        authentication: ServerAuthentication = ServerAuthentication(), https: HTTPSServerSettings? = nil
    ) {
        self.server = server
        self.address = address
        self.authentication = authentication
        self.https = https
    }

    /// A server asked in clear over UDP and TCP.
    public static func cleartext(_ address: SocketAddress, name: String? = nil) -> NameServerEndpoint {
        NameServerEndpoint(
            server: UpstreamServer(
                name: name ?? address.description, channel: .cleartext, isLoopback: address.isLoopback),
            address: address)
    }

    /// A server asked over TLS (RFC 7858).
    public static func tls(
        _ address: SocketAddress, name: String? = nil, profile: UpstreamServer.Profile = .strict,
        authentication: ServerAuthentication
    ) -> NameServerEndpoint {
        NameServerEndpoint(
            server: UpstreamServer(
                name: name ?? "tls://\(address)", channel: .tls, profile: profile, isLoopback: address.isLoopback),
            address: address, authentication: authentication)
    }

    /// A server asked over HTTPS (RFC 8484); without an address, one whose host is looked up first.
    public static func https(
        _ settings: HTTPSServerSettings, at address: SocketAddress?, name: String? = nil,
        profile: UpstreamServer.Profile = .strict, authentication: ServerAuthentication
    ) -> NameServerEndpoint {
        NameServerEndpoint(
            server: UpstreamServer(
                name: name ?? "https://\(settings.host)\(settings.path)", channel: .https, profile: profile,
                isLoopback: address?.isLoopback ?? false),
            address: address, authentication: authentication, https: settings)
    }
}
