internal import NameResolution
internal import TransportSecurity

/// What encrypted channels to a set of servers need, loaded once and off the loops: TLS settings and authorities.
final class ChannelSecurity: Sendable {
    /// For sessions of DNS over TLS, or why there can be none on this system.
    let context: Result<TLSContext, TLSContextFailure>
    private let stores: [CertificateAuthorities: Result<TrustStore, TrustStoreFailure>]

    /// Reads the authorities that the endpoints name; it blocks.
    ///
    /// What cannot be loaded makes the servers that need it unauthenticated, each time with the reason.
    init(for endpoints: some Sequence<NameServerEndpoint>) {
        var stores: [CertificateAuthorities: Result<TrustStore, TrustStoreFailure>] = [:]
        for endpoint in endpoints where endpoint.server.channel != .cleartext {
            let authentication = endpoint.authentication
            let needsAuthorities = authentication.name != nil || authentication.requiredAddressName != nil
            guard needsAuthorities, stores[authentication.authorities] == nil else { continue }
            stores[authentication.authorities] = Self.load(authentication.authorities)
        }
        self.stores = stores
        context = Result { () throws(TLSContextFailure) in try TLSContext.client() }
    }

    /// The judge of a server's certificates.
    func verification(of authentication: ServerAuthentication) -> ServerVerification {
        let authorities = stores[authentication.authorities] ?? .failure(.noSystemAuthorities(tried: []))
        return ServerVerification(authentication: authentication, authorities: authorities)
    }

    private static func load(_ authorities: CertificateAuthorities) -> Result<TrustStore, TrustStoreFailure> {
        Result { () throws(TrustStoreFailure) in
            switch authorities {
            case .system: try TrustStore()
            case .pem(let octets):
                try TrustStore(authorities: [.bytes(octets, name: "configured authorities")])
            }
        }
    }
}
