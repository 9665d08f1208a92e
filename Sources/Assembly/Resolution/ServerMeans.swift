internal import Configuration
internal import DNSTransport
internal import NameResolution

/// What the servers of one list have in common: how they are judged, and who we are to them.
struct ServerMeans {
    var privacy: DNSSettings.Privacy
    var pins: [PublicKeyPin]
    var authorities: CertificateAuthorities
    var credential: HTTPSServerSettings.Credential?

    /// The profile of RFC 8310.
    var profile: UpstreamServer.Profile { Self.profile(privacy) }

    /// The profile that `privacy` names.
    static func profile(_ privacy: DNSSettings.Privacy) -> UpstreamServer.Profile {
        switch privacy {
        case .strict: .strict
        case .opportunistic: .opportunistic
        }
    }

    /// What one of the servers has to prove; pins are for DNS over TLS alone.
    func authentication(name: String?, pinned: Bool) -> ServerAuthentication {
        ServerAuthentication(name: name, pins: pinned ? pins.map(\.digest) : [], authorities: authorities)
    }
}
