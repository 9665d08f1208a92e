/// What a peer claims to be for its domain.
public enum ClaimedService: String, Hashable, Sendable, CaseIterable {
    /// The server that federates with other servers: `_xmpp-server`, `xmpp-server.json`.
    case server = "xmpp-server"
    /// The server that clients connect to: `_xmpp-client`, `xmpp-client.json` (RFC 7712 §3, CC-03, CC-04).
    case client = "xmpp-client"
}
