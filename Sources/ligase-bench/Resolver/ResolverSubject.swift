internal import ArgumentParser
internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import Glibc
internal import NameResolution

/// The process that `ligase-bench resolver` measures: Ligase's resolver alone, which asks itself.
struct ResolverSubject: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolver-subject", abstract: "Looks names up and says what it cost.", shouldDisplay: false)

    @Option var server: String
    @Option var anchorFile: String
    /// Of `tls://` and `https://` servers.
    @Option var authorityFile: String?
    @Option var window = 32
    @Flag var validates = false
    @Flag var printsLatency = false
    @Argument var phases: [ResolverPhase]

    func run() throws {
        let loop = try EventLoop(name: "resolver")
        defer { loop.stop() }
        let settings = try settings()
        let client = loop.run {
            LoopReference(DNSClient(settings, on: loop, wallClock: { Int64(time(nil)) }), on: loop)
        }
        defer { client.run { $0.shutDown() } }
        for phase in phases {
            // What the questions take up is kept as part of the answers; to make them is not the resolver's work.
            let empty = ProcessCost.current
            let questions = phase.questions
            let before = ProcessCost.current
            let latencies = try ask(questions, of: client)
            let after = ProcessCost.current
            let figures = ResolverFigures(
                phase: phase, lookups: questions.count, processor: after.processor - before.processor,
                wall: after.wall - before.wall, memory: after.resident - empty.resident)
            print(printsLatency ? "latency \(latencies[latencies.count / 2])" : figures.line)
        }
    }

    /// Asks everything, `window` at a time; the time that each took, in order of length, in seconds.
    private func ask(_ questions: [DNSQuestion], of client: LoopReference<DNSClient>) throws -> [Double] {
        let asking = client.run {
            let asking = Asking(questions, window: window, resolver: $0, secure: validates)
            asking.start()
            return LoopReference(asking, on: client.loop)
        }
        // Whoever has started this process ends it sooner.
        try Bench.wait(for: "the answers", within: .seconds(600), every: .milliseconds(2)) {
            let (isOver, failure) = asking.run { ($0.isOver, $0.failure) }
            if let failure { throw BenchmarkFailure(failure) }
            return isOver
        }
        return asking.run { $0.latencies }.sorted()
    }

    private func settings() throws -> ResolverSettings {
        let endpoint: NameServerEndpoint
        let authorities = try authorityFile.map { CertificateAuthorities.pem(try Self.contents(of: $0)) } ?? .system
        let authentication = ServerAuthentication(name: ResolverLaboratory.serverName, authorities: authorities)
        if let address = Self.address(server, after: "tls://") {
            endpoint = .tls(address, authentication: authentication)
        } else if let address = Self.address(server, after: "https://") {
            endpoint = .https(
                HTTPSServerSettings(host: ResolverLaboratory.serverName, port: address.port), at: address,
                authentication: authentication)
        } else {
            endpoint = .cleartext(try SocketAddress(server))
        }
        let anchors = try TrustAnchorText.read(String(decoding: Self.contents(of: anchorFile), as: UTF8.self))
            .compactMap(DelegationSigner.init).map { TrustAnchor(zone: $0.owner, signers: [$0]) }
        return ResolverSettings(
            endpoints: [endpoint],
            zones: [ResolutionZone(name: .root, servers: [0], validation: validates ? .local : .off)],
            anchors: TrustAnchorSet(anchors),
            limits: ResolverLimits(cachedAnswers: 4 * ResolverLaboratory.names))
    }

    private static func address(_ text: String, after scheme: String) -> SocketAddress? {
        text.hasPrefix(scheme) ? try? SocketAddress(String(text.dropFirst(scheme.count))) : nil
    }

    private static func contents(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw BenchmarkFailure("cannot read \(path)") }
        defer { fclose(file) }
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { octets += buffer[..<count] }
        return octets
    }
}

/// Questions to a resolver on its loop, a fixed number at a time.
private final class Asking {
    private let questions: [DNSQuestion]
    private let window: Int
    private let resolver: DNSClient
    private let secure: Bool
    private var next = 0
    private(set) var latencies: [Double] = []
    private(set) var failure: String?
    var isOver: Bool { latencies.count == questions.count }

    init(_ questions: [DNSQuestion], window: Int, resolver: DNSClient, secure: Bool) {
        self.questions = questions
        self.window = window
        self.resolver = resolver
        self.secure = secure
    }

    func start() { for _ in 0..<window { ask() } }

    private func ask() {
        guard next < questions.count, failure == nil else { return }
        let question = questions[next]
        next += 1
        let start = LoopTime.current
        resolver.resolve(question) { [unowned self] answer in
            guard !answer.records.isEmpty, !secure || answer.security == .secure else {
                failure = "\(question): \(answer.content) \(answer.report?.reason ?? "")"
                return
            }
            latencies.append(Double(LoopTime.current.nanoseconds - start.nanoseconds) / 1e9)
            ask()
        }
    }
}
