import DNSMessages
import DNSTransport
import Demonstration
import DomainAssociation
import EventLoops
import HTTPExchange
import HTTPTestSupport
import NameResolution
import Prooftypes
import Synchronization
import Testing
import TransportSecurity
import XMPPModel

@testable import POSHTransport

@Suite("where POSH documents may come from")
struct WebServerAddressesTests {
    private static let strict: @Sendable (inout RetrievalRules) -> Void = { $0.addressGuard = POSHAddressGuard() }

    @Test(arguments: ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"])
    func `PO-22: a redirection into our own network is not followed`(address: String) async throws {
        let stage = try Stage(rules: Self.strict) { _ in Stage.document() }
        stage.names.state.withLock { $0.addresses["hosting.example"] = [address] }
        let literal = address.contains(":") ? "[\(address)]" : address
        for url in [stage.url("/inside"), "https://\(literal):\(stage.server.address.port)/inside"] {
            stage.server.follow { $0.target == Stage.path ? Stage.redirect(to: url) : Stage.document() }
            let outcome = try await stage.retrieve().outcome
            #expect(outcome.hasPrefix("refused: documents may not come from there"), "\(outcome)")
            #expect(!stage.targets.contains("/inside"))
            stage.advance(by: 61)
        }
    }

    @Test func `PO-22: names under a split zone may be in our own network`() async throws {
        let zone = try DomainName("hosting.example")
        let stage = try Stage(rules: { $0.addressGuard = POSHAddressGuard(zones: [zone]) }) { _ in Stage.document() }
        let url = stage.url("/b.json")
        stage.server.follow { $0.target == Stage.path ? Stage.redirect(to: url) : Stage.document() }
        #expect(try await stage.retrieve().material != nil)
    }

    @Test func `PO-22: the static address is for the domain's own server and nobody else`() async throws {
        let stage = try Stage(rules: Self.strict) { _ in Stage.document() }
        // The domain itself is not looked up; where it points to is, and judged.
        #expect(try await stage.retrieve().material != nil)
        #expect(stage.names.questions.isEmpty)
        let other = try await stage.retrieve("other.example")
        #expect(other.outcome.hasPrefix("refused: documents may not come from there: other.example is at 127.0.0.1"))
        #expect(stage.targets == [Stage.path])
    }

    @Test func `PO-22: what is public is dialled, and what is not beside it is left out`() async throws {
        let stage = try Stage(timeLimit: .milliseconds(300), rules: Self.strict) { _ in Stage.document() }
        // Nothing answers at the documentation address; the loopback one would.
        stage.names.state.withLock { $0.addresses["other.example"] = ["127.0.0.1", "192.0.2.1"] }
        let outcome = try await stage.retrieve("other.example").outcome
        #expect(outcome.hasPrefix("unanswered: "), "\(outcome)")
        #expect(stage.server.connections == 0)
    }

    @Test func `PO-21: names that cannot be looked up are no material, with the reason`() async throws {
        let stage = try Stage { _ in Stage.document() }
        let unknown = try await stage.retrieve("unknown.example").outcome
        #expect(unknown == "unanswered: no answer: unknown.example has no address")
        stage.names.fail("other.example", .bogus("a signature is wrong"))
        let bogus = try await stage.retrieve("other.example").outcome
        #expect(bogus.contains("the addresses of other.example could not be found out: DNSSEC validation failed"))
        #expect(try await stage.retrieve("192.0.2.1").outcome == "none: addresses publish nothing")
        #expect(stage.server.connections == 0)
    }

    @Test(arguments: [RecordType.a, .aaaa])
    func `PO-22: one family that nobody answers for does not hold the other up`(silent: RecordType) async throws {
        let stage = try Stage(timeLimit: .seconds(5)) { _ in Stage.document() }
        stage.names.state.withLock { $0.addresses["hosting.example"] = ["127.0.0.1", "::1"] }
        try stage.names.silence("hosting.example", silent)
        let url = stage.url("/b.json")
        stage.server.follow { $0.target == Stage.path ? Stage.redirect(to: url) : Stage.document() }
        let keys = try await stage.retrieve()
        // The server listens on IPv4 alone.
        #expect((keys.material != nil) == (silent == .aaaa), "\(keys.outcome)")
        #expect(!keys.outcome.contains("took too long"))
    }

    /// A client whose names are looked up by the real resolver in a signed zone.
    @Test func `PO-22: a forged address is not dialled`() async throws {
        let issued = try WebCertificates.issue("b.example")
        let server = try ScriptedHTTPSServer(identity: issued.identity()) { _ in Stage.document() }
        let now = WallClock.system()
        let hierarchy = try SignedHierarchy([.signed("example", "b A 192.0.2.1\n")], now: now)
        let nameServer = try EmbeddedNameServer(zones: hierarchy.zones)
        let name = try DNSName("b.example")
        let address = try #require(IPAddress("127.0.0.1"))
        let forged = try #require(DNSRecord(owner: name, timeToLive: 300, data: .a(address)))
        nameServer.setFault(.forge([forged]), for: .a, at: name)
        let anchors = TrustAnchorSet(
            [hierarchy.anchor].compactMap { $0.map { TrustAnchor(zone: .root, signers: [$0]) } })
        let resolution = ResolverSettings(
            endpoints: [.cleartext(nameServer.address)],
            zones: [ResolutionZone(name: .root, servers: [0], validation: .local)], anchors: anchors)
        let resolver = try SharedResolver(resolution)
        let root = try WebCertificates.rootPEM()
        let client = try SharedPOSHClient(
            RetrievalSettings(
                RetrievalRules(
                    authorities: .pem(root), addressGuard: POSHAddressGuard(allowsPrivateAddresses: true))),
            resolver: { resolver.resolver(on: $0) })
        let loop = try EventLoop(name: "asker")
        defer { loop.stop() }
        let domain = try DomainName("b.example")
        let keys = await withCheckedContinuation { continuation in
            loop.execute {
                client.source(on: loop).publishedKeys(of: domain, for: .server) { continuation.resume(returning: $0) }
            }
        }
        #expect(keys.outcome.contains("DNSSEC validation failed"), "\(keys.outcome)")
        #expect(server.connections == 0)
    }
}
