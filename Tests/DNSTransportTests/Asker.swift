import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import XMPPModel

/// A name server, and a client on a loop that a test asks from outside.
final class Asker: Sendable {
    let server: EmbeddedNameServer
    private let loop: EventLoop
    private let confined: Confined

    // Unchecked: the client is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let client: DNSClient
    }

    /// For answers that come, however busy the machine is.
    static let patience = LookupLimits(tryTimeout: .seconds(10), rounds: 2, overall: .seconds(30))
    /// For answers that never come.
    static let impatience = LookupLimits(tryTimeout: .milliseconds(150), rounds: 2, overall: .seconds(2))

    init(
        zone text: String = "", limits: LookupLimits = Asker.patience, concurrentLookups: Int = 128,
        servers: (SocketAddress) -> [SocketAddress] = { [$0] }
    ) throws {
        let server = try EmbeddedNameServer(zones: [EmbeddedZone(origin: "example", text: text)])
        let loop = try EventLoop(name: "asker")
        let servers = NameServers(addresses: servers(server.address), limits: limits)
        self.server = server
        self.loop = loop
        confined = loop.run {
            let limits = ResolverLimits(concurrentLookups: concurrentLookups)
            return Confined(client: DNSClient(ResolverSettings(cleartext: servers, limits: limits), on: loop))
        }
    }

    deinit {
        loop.run { confined.client.shutDown() }
        loop.stop()
        server.stop()
    }

    func resolve(_ name: String, _ type: RecordType) async throws -> Answer {
        let question = DNSQuestion(try DNSName(name), type)
        return await withCheckedContinuation { continuation in
            loop.execute { self.confined.client.resolve(question) { continuation.resume(returning: $0) } }
        }
    }

    func services(of domain: String) async throws -> ServiceResolution {
        let domain = try DomainName(domain)
        return await withCheckedContinuation { continuation in
            loop.execute { self.confined.client.services(of: domain) { continuation.resume(returning: $0) } }
        }
    }

    /// Both families, in the order of arrival.
    func addresses(of host: String) async throws -> [AddressResolution] {
        let host = try ServiceHost(host)
        return await withCheckedContinuation { continuation in
            loop.execute {
                var arrived: [AddressResolution] = []
                self.confined.client.addresses(of: host) { resolution in
                    arrived.append(resolution)
                    if arrived.count == 2 { continuation.resume(returning: arrived) }
                }
            }
        }
    }

    func shutDown() {
        loop.run { confined.client.shutDown() }
    }

    /// Until the first query has reached the server.
    func waitUntilAsked() async throws {
        while server.queries.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// What the server was asked: `_xmpp-server._tcp.example SRV`.
    var asked: [String] { server.queries.map(\.question.description) }
}
