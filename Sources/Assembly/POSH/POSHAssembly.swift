public import Configuration
internal import EventLoops
internal import HTTPExchange
public import POSHTransport
internal import Prooftypes
internal import XMPPModel

/// Makes the settings of POSH retrievals of a configuration: whom a web server's certificate may come from, where it may
/// be, and where it is.
///
/// The files of authorities are read here, off the loops, at start and on reload; what is wrong with them the policies
/// for remote domains say, which rest on the same files. One that cannot be read here trusts nobody.
public enum POSHAssembly {
    /// The settings; whatever vouches for a remote domain's certificate vouches for the web servers of its documents.
    public static func settings(of configuration: Configuration) -> RetrievalSettings {
        let remotes = RemotePolicyIndex(configuration.remotes)
        let addressGuard = POSHAddressGuard(
            allowsPrivateAddresses: configuration.posh.allowsPrivateAddresses,
            zones: configuration.dns.zones.map(\.name))
        let standard = authorities(configuration.tls.trustAnchors)
        var special: [TrustAnchors: HTTPTrust.Authorities] = [:]
        for case let anchors? in configuration.remotes.map(\.trustAnchors) where special[anchors] == nil {
            special[anchors] = authorities(anchors)
        }
        let authoritiesOfRemotes = special
        return RetrievalSettings { domain in
            let remote = remotes.policy(for: domain)
            return RetrievalRules(
                authorities: remote?.trustAnchors.flatMap { authoritiesOfRemotes[$0] } ?? standard,
                server: remote?.poshServer.flatMap { try? SocketAddress(host: $0.host, port: $0.port) },
                addressGuard: addressGuard)
        }
    }

    private static func authorities(_ anchors: TrustAnchors) -> HTTPTrust.Authorities {
        switch anchors {
        case .system: .system
        case .file(let path): .pem((try? WholeFile.read(path)) ?? [])
        }
    }
}
