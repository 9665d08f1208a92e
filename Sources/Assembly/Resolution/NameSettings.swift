internal import DNSMessages
internal import DNSTransport
internal import NameResolution

/// All that a configuration says of name resolution, its files read.
struct NameSettings: Hashable, Sendable {
    /// Whom to ask, and what to hold true.
    var resolver: ResolverSettings
    /// Whether plain servers are asked which encrypted ones take their place (RFC 9462).
    var findsDesignatedResolvers = false
    /// The profile of what is found.
    var profile = UpstreamServer.Profile.strict
    /// Who may have issued the certificates of what is found.
    var authorities = CertificateAuthorities.system
    /// A provisioning domain (RFC 8801); nil: none.
    var provisioning: DiscoverySettings.Provisioning?

    /// What is to be found out while the resolver works.
    ///
    /// - Parameter files: Where changes of the trust anchors are kept.
    func discovery(keeping files: AnchorStateFiles) -> DiscoverySettings {
        DiscoverySettings(
            findsDesignatedResolvers: findsDesignatedResolvers, profile: profile, authorities: authorities,
            provisioning: provisioning,
            anchorStore: DiscoverySettings.AnchorStore(
                load: { files.load($0) }, save: { files.save($0, $1) }))
    }
}
