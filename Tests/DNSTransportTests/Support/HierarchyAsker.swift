import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import TransportSecurity
import XMPPModel

/// A tree of signed zones on a name server that is asked over TLS, and a client that validates, on a loop of its own.
final class HierarchyAsker: Sendable {
    private let server: EmbeddedNameServer
    private let loop: EventLoop
    private let confined: Confined

    // Unchecked: the client is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let client: DNSClient
    }

    struct Failure: Error {}

    init(_ zones: [SignedZone]) throws {
        let hierarchy = try SignedHierarchy(zones, now: ServerCertificates.now)
        let server = try EmbeddedNameServer(
            zones: hierarchy.zones, identity: ServerCertificates.genuine.get().identity())
        guard let address = server.secureAddress, let anchor = hierarchy.anchor else { throw Failure() }
        let settings = ResolverSettings(
            endpoints: [.tls(address, authentication: try ServerCertificates.demands())],
            zones: [ResolutionZone(name: .root, servers: [0], validation: .local)],
            anchors: TrustAnchorSet([TrustAnchor(zone: .root, signers: [anchor])]),
            limits: ResolverLimits(
                lookup: LookupLimits(tryTimeout: .seconds(10), rounds: 2, overall: .seconds(30))))
        let loop = try EventLoop(name: "hierarchy asker")
        self.server = server
        self.loop = loop
        confined = loop.run {
            Confined(client: DNSClient(settings, on: loop, wallClock: { ServerCertificates.now }))
        }
    }

    deinit {
        loop.run { confined.client.shutDown() }
        loop.stop()
        server.stop()
    }

    var queries: [LoggedQuery] { server.queries }
    var asked: [String] { queries.map(\.question.description) }

    func services(of domain: String) async throws -> ServiceResolution {
        let domain = try DomainName(domain)
        return await withCheckedContinuation { continuation in
            loop.execute { self.confined.client.services(of: domain) { continuation.resume(returning: $0) } }
        }
    }

    func tlsaRecords(of host: String, port: UInt16) async throws -> TLSAResolution {
        let host = try DNSName(host)
        return await withCheckedContinuation { continuation in
            loop.execute {
                self.confined.client.tlsaRecords(of: host, port: port) { continuation.resume(returning: $0) }
            }
        }
    }

    func facts(of endpoint: ServiceEndpoint) async -> (addresses: [AddressResolution], tlsa: TLSAResolution?) {
        await withCheckedContinuation { continuation in
            loop.execute {
                var addresses: [AddressResolution] = []
                self.confined.client.facts(
                    of: endpoint, addresses: { addresses.append($0) },
                    tlsa: { continuation.resume(returning: (addresses, $0)) })
            }
        }
    }
}
