import DNSMessages
import Demonstration
import EventLoops
import HTTPTestSupport
import NameResolution
import Synchronization
import TransportSecurity

@testable import DNSTransport

/// A resolver that discovers, the servers around it, and what it reports.
final class DiscoveryScene: Sendable {
    /// What is reported, for a test to wait for.
    final class Reports: Sendable {
        private let stream: AsyncStream<DiscoveryReport>
        private let continuation: AsyncStream<DiscoveryReport>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func add(_ report: DiscoveryReport) { continuation.yield(report) }

        /// The first report from now on that a test looks for.
        func first<Found>(_ matching: (DiscoveryReport) -> Found?) async throws -> Found {
            for await report in stream {
                if let found = matching(report) { return found }
            }
            throw CancellationError()
        }
    }

    private static let rootServer = DNSRecord(
        owner: .root, type: .ns, timeToLive: 300, octets: Array("\u{2}ns\u{7}example\0".utf8))

    let outside: EmbeddedNameServer
    let reports = Reports()
    private let resolver: SharedResolver
    private let asker: SharedAsker

    /// - Parameters:
    ///   - names: Those of the certificate that the encrypted side of the server has.
    ///   - designates: Whether the server designates its own encrypted side.
    ///   - designation: What it designates in the place of that.
    ///   - rootRecords: Keys of the root, for instance.
    ///   - change: What else is configured.
    init(
        certificateNames names: [CertificateTemplate.Name] = [.dns("outside.example")], outsideZone: String = "",
        designates: Bool = true, designation: String? = nil, rootRecords: [DNSRecord] = [],
        _ change: (inout ResolverSettings, inout DiscoverySettings) throws -> Void
    ) throws {
        let identity = try WebCertificates.issue("outside.example", names).identity()
        let outside = try EmbeddedNameServer(zones: [], identity: identity)
        let port = outside.secureAddress?.port ?? 0
        let binding =
            designation ?? "_dns SVCB 1 dot.outside.example. alpn=dot port=\(port) ipv4hint=127.0.0.1"
        outside.replaceZones([
            EmbeddedZone(origin: .root, records: rootRecords + [Self.rootServer]),
            try EmbeddedZone(origin: "example", text: "www A 192.0.2.80\n" + outsideZone),
            try EmbeddedZone(origin: "resolver.arpa", text: designates ? binding : ""),
        ])
        var settings = ResolverSettings(
            endpoints: [.cleartext(outside.address, name: "outside")],
            zones: [ResolutionZone(name: .root, servers: [0], validation: .off)])
        var discovery = DiscoverySettings(authorities: .pem(try WebCertificates.rootPEM()))
        try change(&settings, &discovery)
        self.outside = outside
        resolver = try SharedResolver(settings)
        asker = try SharedAsker(resolver)
        let reports = reports
        resolver.replace(settings, discovering: discovery) { reports.add($0) }
    }

    func resolve(_ name: String, _ type: RecordType = .a) async throws -> Answer {
        try await asker.resolve(name, type).answer
    }

    /// What the first server is found to designate.
    func designation() async throws -> (used: [DesignatedResolver], refused: [DesignationRefusal]) {
        try await reports.first { report in
            if case .designation(_, let used, let refused) = report { (used, refused) } else { nil }
        }
    }

    /// What was asked outside in clear, the question for designations left out.
    var askedInClear: [DNSQuestion] {
        outside.queries.filter { $0.transport != .tls && $0.question.type != .svcb }.map(\.question)
    }
}
