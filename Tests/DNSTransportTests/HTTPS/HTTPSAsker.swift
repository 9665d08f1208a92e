import DNSMessages
import DNSTransport
import EventLoops
import HTTPTestSupport
import NameResolution
import Synchronization
import TransportSecurity

/// A client that asks HTTPS servers, on a loop that a test asks from outside.
final class HTTPSAsker: Sendable {
    private let loop: EventLoop
    private let confined: Confined
    private let log: Log

    // Unchecked: the client is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let client: DNSClient
    }

    private final class Log: Sendable {
        let reports = Mutex<[ResolverReport]>([])
    }

    init(
        _ endpoints: [NameServerEndpoint], bootstrap: [SocketAddress] = [], splitZones: [DNSName] = [],
        limits: LookupLimits = LookupLimits(tryTimeout: .seconds(10), rounds: 2, overall: .seconds(30))
    ) throws {
        let zone = ResolutionZone(name: .root, servers: Array(endpoints.indices), validation: .off)
        let settings = ResolverSettings(
            endpoints: endpoints,
            zones: [zone] + splitZones.map { ResolutionZone(name: $0, servers: [], validation: .off) },
            limits: ResolverLimits(lookup: limits),
            bootstrapServers: NameServers(addresses: bootstrap))
        let loop = try EventLoop(name: "asker")
        let log = Log()
        self.loop = loop
        self.log = log
        confined = loop.run {
            let client = DNSClient(settings, on: loop)
            client.reported = { report, _ in log.reports.withLock { $0.append(report) } }
            return Confined(client: client)
        }
    }

    deinit {
        loop.run { confined.client.shutDown() }
        loop.stop()
    }

    /// What the client found worth reporting.
    var reports: [ResolverReport] { log.reports.withLock { $0 } }

    func resolve(_ name: String = "www.example", _ type: RecordType = .a) async throws -> Answer {
        let question = DNSQuestion(try DNSName(name), type)
        return await withCheckedContinuation { continuation in
            loop.execute { self.confined.client.resolve(question) { continuation.resume(returning: $0) } }
        }
    }

    /// Answers the same question again from the server and not from the cache.
    func resolveSeveral(_ count: Int) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for number in 0..<count { group.addTask { try await self.resolve("n\(number).example") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// An endpoint for a scripted server whose certificate is for `dns.example`.
func endpoint(
    _ server: ScriptedHTTPSServer, host: String = "dns.example", path: String = "/dns-query",
    method: HTTPSServerSettings.Method = .post, credential: HTTPSServerSettings.Credential? = nil,
    profile: UpstreamServer.Profile = .strict, pins: [[UInt8]] = [], hasAddress: Bool = true
) throws -> NameServerEndpoint {
    .https(
        HTTPSServerSettings(
            host: host, port: server.address.port, path: path, method: method, credential: credential),
        at: hasAddress ? server.address : nil, profile: profile,
        authentication: ServerAuthentication(
            name: host, pins: pins, authorities: .pem(try WebCertificates.rootPEM())))
}

/// A server with a certificate that answers DNS.
func nameServer(
    _ certificate: IssuedCertificate? = nil,
    script: @escaping ScriptedHTTPSServer.Script = { DNSOverHTTP.answer($0) }
) throws -> ScriptedHTTPSServer {
    let certificate = try certificate ?? WebCertificates.issue("dns.example")
    return try ScriptedHTTPSServer(identity: certificate.identity(), script: script)
}
