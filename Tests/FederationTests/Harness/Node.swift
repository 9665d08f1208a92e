import Assembly
import DNSTransport
import Demonstration
import Diagnostics
import EventLoops
import Federation
import Glibc
import POSHTransport
import TestSupport
import TransportSecurity
import XMPPModel

/// A daemon in this process, without signals and control socket: everything from the configuration file to the sockets.
final class Node {
    /// A hosted domain for ``Node``.
    enum Domain {
        case component(String)
        case builtin(String)
        /// A component with a certificate of its own.
        case separate(String)
    }

    let service: FederationService
    let s2s: Endpoint
    let directTLS: Endpoint
    let component: Endpoint
    let address: LoopbackAddress
    private let group: EventLoopGroup
    private let documents: POSHService
    private let output: LogOutput
    private let logFile: String
    private let descriptor: Int32
    private let network: Network
    private let name: String
    private let hasBothDirections: Bool
    private var isStopped = false

    static let secret = "sekrit"

    /// Starts a daemon for `domains`.
    ///
    /// - Parameters:
    ///   - settings: Tables of the configuration; they may not repeat `[log]` and `[tls]`, and `[limits]` only when
    ///     `hasLimits` is false.
    ///   - tls: Further lines of `[tls]`.
    ///   - certificate: The certificate of domains that have none of their own; nil for one of their names.
    ///   - knownKeys: The keys that remote domains were proved with before.
    ///   - pace: How often proofs are renewed.
    ///   - clock: Seconds since 1970.
    ///   - hasBothDirections: Whether its streams carry both directions where the peer's do.
    ///   - retrievalLimit: How long retrieving a POSH document may take; nil: as long as ever.
    init(
        _ name: String, _ domains: [Domain], in network: Network, loops: Int = 1, settings: String = "",
        limits: String? = nil, tls: String = "", certificate: IssuedCertificate? = nil,
        knownKeys: KnownKeys = KnownKeys(), pace: ProofPace = ProofPace(leastInterval: 1),
        clock: @escaping @Sendable () -> Int64 = { Network.now }, retrievalLimit: Duration? = nil,
        hasBothDirections: Bool = false, observe: (@Sendable (FederationFact) -> Void)? = nil
    ) throws {
        self.name = name
        self.hasBothDirections = hasBothDirections
        self.network = network
        let loaded = try LoadedConfiguration(
            file: Self.configuration(
                name, domains, in: network, settings: settings, limits: limits, tls: tls, certificate: certificate))
        logFile = network.directory.path(of: "\(name).log")
        descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        output = LogOutput(descriptor: descriptor)
        group = try EventLoopGroup(name: name, count: loops)
        let address = LoopbackAddress.unused()
        self.address = address
        func listen() throws -> (ListeningSocket, Endpoint) {
            let socket = try ListeningSocket.bind(to: SocketAddress(host: address.description, port: 0))
            return (socket, Endpoint(address, port: socket.localAddress?.port ?? 0))
        }
        var listeners = FederationService.Listeners()
        let (s2sSocket, s2s) = try listen()
        let (directSocket, directTLS) = try listen()
        let (componentSocket, component) = try listen()
        listeners.s2s = [s2sSocket]
        listeners.s2sDirectTLS = [directSocket]
        listeners.component = [componentSocket]
        (self.s2s, self.directTLS, self.component) = (s2s, directTLS, component)
        let resolution = network.resolution
        let metrics = Metrics()
        var retrieval = loaded.documents
        if let retrievalLimit { retrieval.timeLimit = retrievalLimit }
        let documents = try POSHService(retrieval, log: output, metrics: metrics, wallClock: clock) {
            DNSClient(resolution, on: $0, wallClock: clock)
        }
        self.documents = documents
        let service = FederationService(
            try hasBothDirections ? loaded.deployment : loaded.deployment.withOneDirection(), on: group, log: output,
            metrics: metrics, wallClock: clock,
            resolver: { DNSClient(resolution, on: $0, wallClock: clock) },
            publishedKeys: { loop, _ in documents.source(on: loop) }, knownKeys: knownKeys, proofPace: pace,
            observe: observe)
        self.service = service
        let started = listeners
        let failure = wait { () -> String? in
            do {
                try await service.start(started)
                return nil
            } catch {
                return "\(error)"
            }
        }
        if let failure = failure.flatMap({ $0 }) { throw HarnessFailure.malformed(failure) }
    }

    deinit { stop() }

    /// Writes a configuration file; it can be read again for a reload.
    static func configuration(
        _ name: String, _ domains: [Domain], in network: Network, settings: String = "", limits: String? = nil,
        tls: String = "", certificate: IssuedCertificate? = nil
    ) throws -> String {
        var hosted = ""
        var names: [String] = []
        for domain in domains {
            switch domain {
            case .component(let domain):
                names.append(domain)
                hosted += "\n[[domain]]\nname = \"\(domain)\"\nsecret = \"\(secret)\"\n"
            case .builtin(let domain):
                names.append(domain)
                hosted += "\n[[domain]]\nname = \"\(domain)\"\nbackend = \"builtin\"\n"
            case .separate(let domain):
                let files = try network.write(Network.issue(domain), as: domain)
                hosted += "\n[[domain]]\nname = \"\(domain)\"\nsecret = \"\(secret)\"\n\(files)\n"
            }
        }
        let first = names.isEmpty ? ["nobody.example"] : names
        let issued = try certificate ?? Network.issue(first[0]) { $0.names = first.map { .dns($0) } }
        return try network.directory.write(
            """
            state_directory = "\(network.directory.path(of: "\(name)-state"))"
            [tls]
            \(network.write(issued, as: "\(name)-default"))
            trust_anchors = "\(network.directory.path(of: "authority.pem"))"
            \(tls)
            [limits]
            \(limits ?? "streams_per_address = 0\nhandshakes_per_second_per_address = 0")
            \(settings)
            \(hosted)
            """, to: "\(name).toml")
    }

    /// Ends the daemon without a drain.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        documents.shutDown()
        group.stop()
        output.flush()
        close(descriptor)
    }

    func drain() {
        let service = service
        _ = wait { await service.drain() }
    }

    /// What it has logged.
    var log: String {
        output.flush()
        guard let bytes = try? WholeFile.read(logFile) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    var counts: ServiceCounts? {
        let service = service
        return wait { await service.counts() }
    }

    func metric(_ metric: Metric) -> Int { service.metrics[metric] }

    /// Connects a component.
    func connect(_ domain: String) throws -> ComponentClient {
        try ComponentClient(domain, secret: Self.secret, at: component)
    }

    /// Lines of the zone that lead to this daemon's STARTTLS port.
    func records(for label: String) -> String {
        """
        _xmpp-server._tcp.\(label) SRV 0 0 \(s2s.port) host-\(label)
        host-\(label) A \(address)

        """
    }

    /// Puts a configuration file in force.
    func reload(_ domains: [Domain], settings: String = "") throws {
        let loaded = try LoadedConfiguration(
            file: Self.configuration(name, domains, in: network, settings: settings))
        let service = service
        documents.adopt(loaded.documents)
        let deployment = try hasBothDirections ? loaded.deployment : loaded.deployment.withOneDirection()
        _ = wait { await service.adopt(deployment) }
    }
}
