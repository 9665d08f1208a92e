/// An encrypted resolver that may be asked in the place of the one that named it.
public struct DesignatedResolver: Hashable, Sendable {
    /// Why it may.
    public enum Proof: Hashable, Sendable {
        /// Its certificate has the address or name of the resolver that named it (RFC 9462 §4.2, §5).
        case verified
        /// It has the private address of that resolver, and encryption without authentication will do (RFC 9462 §4.3).
        case opportunistic
    }

    /// Where it is, and what it has to prove at every connection.
    public let endpoint: DesignatedEndpoint
    /// Why it may be asked.
    public let proof: Proof

    /// Makes a resolver.
    public init(_ endpoint: DesignatedEndpoint, proof: Proof) {
        self.endpoint = endpoint
        self.proof = proof
    }

    /// The server to stand in a plan.
    ///
    /// - Parameter isLoopback: Whether the address is one of this host.
    public func server(isLoopback: Bool) -> UpstreamServer {
        UpstreamServer(
            name: endpoint.description, channel: endpoint.channel,
            profile: proof == .verified ? .strict : .opportunistic, isLoopback: isLoopback)
    }
}
