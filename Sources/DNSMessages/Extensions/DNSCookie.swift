/// What client and server recognise each other by, so that who does not see the messages cannot forge one (RFC 7873).
public struct DNSCookie: Hashable, Sendable {
    /// The client's half, 8 octets; it has to come back with each response.
    public let client: [UInt8]
    /// The server's half, 8 to 32 octets; empty as long as the client has not learnt it.
    public let server: [UInt8]

    /// How long the client's half is.
    public static let clientOctets = 8
    private static let serverOctets = 8...32

    /// Makes a cookie.
    ///
    /// - Returns: nil when a half has a length that the specification does not allow (RFC 7873 §4).
    public init?(client: [UInt8], server: [UInt8] = []) {
        guard client.count == Self.clientOctets, server.isEmpty || Self.serverOctets ~= server.count else { return nil }
        (self.client, self.server) = (client, server)
    }

    init?(octets: [UInt8]) {
        self.init(client: Array(octets.prefix(Self.clientOctets)), server: Array(octets.dropFirst(Self.clientOctets)))
    }

    var option: ExtensionOption { ExtensionOption(code: .cookie, value: client + server) }
}
