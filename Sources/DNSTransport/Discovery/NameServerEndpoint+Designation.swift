internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Configured servers as those who designate others, and these as servers.
extension NameServerEndpoint {
    /// Who is asked for designations; nil for an encrypted server that is not known by a name.
    var designator: DesignatingResolver? {
        switch server.channel {
        case .cleartext:
            return address.flatMap { IPAddress(octets: $0.octets) }.map { .address($0) }
        case .tls, .https:
            guard let name = authentication.name ?? https?.host, IPAddress(name) == nil else { return nil }
            return (try? DNSName(name)).map { .name($0) }
        }
    }

    /// A resolver designated by this server, with all that it has to prove.
    ///
    /// Nothing that tells who we are goes along (RFC 9461 §7.2).
    func designating(_ resolver: DesignatedResolver, authorities: CertificateAuthorities) -> NameServerEndpoint? {
        let found = resolver.endpoint
        guard let address = socketAddress(of: found) else { return nil }
        let authentication: ServerAuthentication
        switch found.designator {
        case .address(let original):
            authentication = ServerAuthentication(authorities: authorities, requiredAddressName: original)
        case .name(let name):
            authentication = ServerAuthentication(
                name: name.description, pins: self.authentication.pins, authorities: authorities)
        }
        let https = found.path.map {
            HTTPSServerSettings(
                host: found.designator.authenticationName, port: found.port, path: $0, method: .post)
        }
        return NameServerEndpoint(
            server: resolver.server(isLoopback: address.isLoopback), address: address,
            authentication: authentication, https: https)
    }

    /// At the address of this server, its zone counts as well: a link-local address means nothing without.
    private func socketAddress(of found: DesignatedEndpoint) -> SocketAddress? {
        if let address, found.address.octets == address.octets {
            return try? SocketAddress(host: address.host, port: found.port)
        }
        return SocketAddress(octets: found.address.octets, port: found.port)
    }
}
