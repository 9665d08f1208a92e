/// Who dialled: it decides in which TLS role the peer shows its certificate.
public enum PeerDirection: Hashable, Sendable, CaseIterable {
    /// The peer connected to us and is the TLS client.
    case inbound
    /// We connected to the peer, which is the TLS server.
    case outbound
}
