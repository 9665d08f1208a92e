internal import Demonstration
internal import EventLoops
internal import Glibc
internal import TestSupport

/// What surrounds a resolver under test: a signed tree on a name server of this process, its anchor, a certificate.
final class ResolverLaboratory {
    /// Zones of their own, each with one name to ask for: every lookup has a chain of its own to prove.
    static let zones = 400
    /// Names in one zone: one chain for all.
    static let names = 10_000

    let directory: TemporaryDirectory
    let anchorFile: String
    let certificateFile: String
    let keyFile: String
    let authorityFile: String
    private let server: EmbeddedNameServer

    /// The name of the server that the certificate is for.
    static let serverName = "dns.bench.example"

    var upstream: SocketAddress { server.address }

    init() throws {
        directory = try TemporaryDirectory(named: "resolver")
        var zones = (0..<Self.zones).map {
            SignedZone.signed("z\($0).test", "_xmpp-server._tcp SRV 0 0 5269 xmpp\nxmpp A 127.0.0.1")
        }
        let names = (0..<Self.names).map { "_xmpp-server._tcp.n\($0) SRV 0 0 5269 xmpp" }.joined(separator: "\n")
        zones += [.signed("test"), .signed("big.test", names + "\nxmpp A 127.0.0.1")]
        let hierarchy = try SignedHierarchy(zones, now: Int64(time(nil)))
        server = try EmbeddedNameServer(zones: hierarchy.zones)
        let authority = try BenchmarkAuthority()
        anchorFile = try directory.write(hierarchy.anchorText, to: "root.key")
        (certificateFile, keyFile) = try authority.issue(Self.serverName).write("own", to: directory)
        authorityFile = try authority.write(to: directory)
    }

    deinit { server.stop() }
}
