import DNSMessages
import Demonstration
import EventLoops
import HTTPTestSupport
import NameResolution
import Synchronization
import Testing
import TransportSecurity

@testable import DNSTransport

/// What a running resolver finds out, against servers on this host.
@Suite("Discovery by a running resolver", .timeLimit(.minutes(1)))
struct ResolverDiscoveryTests {
    @Test
    func `DD-01, DD-02: the first question is for designations, and all others go encrypted to who proved himself`()
        async throws
    {
        let scene = try DiscoveryScene(certificateNames: [.ipAddress([127, 0, 0, 1])]) {
            $1.findsDesignatedResolvers = true
        }
        let answer = try await scene.resolve("www.example")
        #expect(answer.records.count == 1)
        #expect(answer.source?.transport == .tls)
        #expect(answer.source?.isAuthenticated == true)
        let first = try #require(scene.outside.queries.first)
        #expect(first.question == DNSQuestion(try DNSName("_dns.resolver.arpa"), .svcb))
        #expect(first.transport == .udp)
        #expect(scene.askedInClear.isEmpty)
        #expect(!scene.outside.queries.contains { $0.question.name == (try? DNSName("resolver.arpa")) })
    }

    @Test(arguments: [.dns("outside.example"), .ipAddress([127, 0, 0, 2])] as [CertificateTemplate.Name])
    func `DD-02, EN-11: who does not prove the original address is not asked anything`(
        name: CertificateTemplate.Name
    ) async throws {
        let scene = try DiscoveryScene(certificateNames: [name]) { $1.findsDesignatedResolvers = true }
        let (used, refused) = try await scene.designation()
        #expect(used.isEmpty)
        guard case .notVerified(let endpoint, _) = try #require(refused.first) else {
            Issue.record("refused for another reason: \(refused)")
            return
        }
        #expect(endpoint.address == IPAddress("127.0.0.1"))
        #expect(try await scene.resolve("www.example").source?.transport == .udp)
        #expect(!scene.outside.queries.contains { $0.transport == .tls })
    }

    @Test func `DD-03: under opportunistic the same loopback address will do, and counts as not authenticated`()
        async throws
    {
        let scene = try DiscoveryScene {
            $1.findsDesignatedResolvers = true
            $1.profile = .opportunistic
        }
        let (used, _) = try await scene.designation()
        #expect(used.map(\.proof) == [.opportunistic])
        let answer = try await scene.resolve("www.example")
        #expect(answer.source?.transport == .tls)
        #expect(answer.source?.isAuthenticated == false)
        #expect(scene.askedInClear.isEmpty)
    }

    @Test func `DD-04: for HTTPS the host is the original address, and no name is announced in the handshake`()
        async throws
    {
        let identity = try WebCertificates.issue("doh.outside.example", [.ipAddress([127, 0, 0, 1])]).identity()
        let web = try ScriptedHTTPSServer(identity: identity) { DNSOverHTTP.answer($0) }
        let port = web.address.port
        let scene = try DiscoveryScene(
            designation: "_dns SVCB 1 doh.outside.example. alpn=h2 dohpath=/q{?dns} port=\(port) ipv4hint=127.0.0.1"
        ) {
            $1.findsDesignatedResolvers = true
        }
        let answer = try await scene.resolve("www.example")
        #expect(answer.source?.transport == .https)
        #expect(answer.source?.isAuthenticated == true)
        #expect(Set(web.requests.map { $0.fields["host"] }) == ["127.0.0.1:\(port)"])
        #expect(web.requests.allSatisfy { $0.method == "POST" && $0.target == "/q" && $0.serverName == nil })
        #expect(scene.askedInClear.isEmpty)
    }

    @Test func `DD-04: each resolver is asked for its own designations, and what one designates stands for no other`()
        async throws
    {
        let other = try EmbeddedNameServer(zones: [try EmbeddedZone(origin: "corp.example", text: "host A 10.0.0.1")])
        let scene = try DiscoveryScene(certificateNames: [.ipAddress([127, 0, 0, 1])]) { settings, discovery in
            settings.endpoints.append(.cleartext(other.address, name: "other"))
            settings.plan.servers = settings.endpoints.map(\.server)
            settings.plan.zones.append(
                ResolutionZone(name: try DNSName("corp.example"), servers: [1], validation: .off))
            discovery.findsDesignatedResolvers = true
        }
        #expect(try await scene.resolve("www.example").source?.transport == .tls)
        #expect(try await scene.resolve("host.corp.example").source?.server == "other")
        #expect(other.queries.first?.question == DNSQuestion(try DNSName("_dns.resolver.arpa"), .svcb))
        #expect(!scene.outside.queries.contains { "\($0.question.name)".hasSuffix("corp.example") })
    }

    @Test func `EN-04, DD-04: a designation sends no internal name to the server that made it`() async throws {
        let other = try EmbeddedNameServer(zones: [try EmbeddedZone(origin: "corp.example", text: "dot A 127.0.0.1")])
        for designation in ["1 dot.corp.example. alpn=dot", "0 dot.corp.example."] {
            let scene = try DiscoveryScene(designation: "_dns SVCB \(designation)") { settings, discovery in
                settings.endpoints.append(.cleartext(other.address, name: "other"))
                settings.plan.servers = settings.endpoints.map(\.server)
                settings.plan.zones.append(
                    ResolutionZone(name: try DNSName("corp.example"), servers: [1], validation: .off))
                discovery.findsDesignatedResolvers = true
            }
            #expect(try await scene.designation().used.isEmpty)
            #expect(try await scene.resolve("www.example").records.count == 1)
            #expect(!scene.outside.queries.contains { "\($0.question.name)".hasSuffix("corp.example") })
        }
    }

    @Test func `EN-04: a zone that a reload adds is nobody else's while servers are still asked what they designate`()
        async throws
    {
        let outside = try EmbeddedNameServer(zones: [])
        outside.setFault(.drop)
        let inside = try EmbeddedNameServer(zones: [try EmbeddedZone(origin: "corp.example", text: "host A 10.0.0.1")])
        var settings = ResolverSettings(
            endpoints: [.cleartext(outside.address, name: "outside")],
            zones: [ResolutionZone(name: .root, servers: [0], validation: .off)],
            limits: ResolverLimits(
                lookup: LookupLimits(tryTimeout: .milliseconds(100), rounds: 100, overall: .seconds(10))))
        let resolver = try SharedResolver(settings)
        let asker = try SharedAsker(resolver)
        func asked() -> Int {
            outside.queries.count { "\($0.question.name)".hasSuffix("corp.example") }
        }
        async let pending = asker.resolve("host.corp.example", .a).answer
        while asked() == 0 { await Task.yield() }
        settings.endpoints.append(.cleartext(inside.address, name: "inside"))
        settings.plan.servers = settings.endpoints.map(\.server)
        settings.plan.zones.append(ResolutionZone(name: try DNSName("corp.example"), servers: [1], validation: .off))
        resolver.replace(settings, discovering: DiscoverySettings(findsDesignatedResolvers: true)) { _ in }
        await withCheckedContinuation { done in resolver.serverStates { _, _, _ in done.resume() } }
        let before = asked()
        _ = try await pending
        // Held until the servers were waited for in vain, and then asked inside.
        #expect(try await asker.resolve("host.corp.example", .a).answer.source?.server == "inside")
        // One may have been on its way.
        #expect(asked() <= before + 1)
    }

    @Test func `DD-05: a resolver known by name designates over its own channel, and its name has to be proved`()
        async throws
    {
        for (name, isUsed) in [("outside.example", true), ("other.example", false)] {
            let identity = try WebCertificates.issue("known", [.dns("outside.example")]).identity()
            let designated = try EmbeddedNameServer(
                zones: [try EmbeddedZone(origin: ".", text: "@ NS ns.example.\nwww.example A 192.0.2.81")],
                identity: WebCertificates.issue("designated", [.dns(name)]).identity())
            let port = designated.secureAddress?.port ?? 0
            let known = try EmbeddedNameServer(
                zones: [
                    try EmbeddedZone(
                        origin: "example",
                        text: "_dns.outside SVCB 1 dot.other.example. alpn=dot port=\(port) ipv4hint=127.0.0.1\n"
                            + "www A 192.0.2.80")
                ], identity: identity)
            let address = try #require(known.secureAddress)
            let scene = try DiscoveryScene { settings, discovery in
                let demands = ServerAuthentication(
                    name: "outside.example", authorities: .pem(try WebCertificates.rootPEM()))
                settings.endpoints = [.tls(address, authentication: demands)]
                settings.plan.servers = settings.endpoints.map(\.server)
                discovery.findsDesignatedResolvers = true
            }
            let answer = try await scene.resolve("www.example")
            #expect(answer.records.first?.data == .a(try #require(IPAddress(isUsed ? "192.0.2.81" : "192.0.2.80"))))
            #expect(known.queries.allSatisfy { $0.transport == .tls })
            #expect(designated.queries.allSatisfy { $0.transport == .tls })
            #expect(designated.queries.isEmpty == !isUsed)
        }
    }

    @Test func `DH-09: a designated resolver gets no credential of the one that designates it`() throws {
        let credential = HTTPSServerSettings.Credential.password(username: "ligase", password: "secret")
        let known = NameServerEndpoint.https(
            HTTPSServerSettings(host: "doh.example", path: "/dns-query", credential: credential), at: nil,
            authentication: ServerAuthentication(name: "doh.example", authorities: .system))
        let endpoint = DesignatedEndpoint(
            designator: .name(try DNSName("doh.example")), channel: .https, target: try DNSName("other.example"),
            address: try #require(IPAddress("192.0.2.1")), port: 443, path: "/q")
        let designated = try #require(
            known.designating(DesignatedResolver(endpoint, proof: .verified), authorities: .system))
        #expect(known.https?.credential == credential)
        #expect(designated.https?.host == "doh.example" && designated.https?.credential == nil)
        #expect(designated.authentication.name == "doh.example" && designated.server.profile == .strict)
    }

    @Test func `DD-01: a server that designates none is asked as configured`() async throws {
        let scene = try DiscoveryScene(designates: false) { $1.findsDesignatedResolvers = true }
        #expect(try await scene.resolve("www.example").records.count == 1)
        #expect(try await scene.designation().refused == [.noneDesignated])
    }

    @Test func `DD-01: switched off, nothing is asked for`() async throws {
        let scene = try DiscoveryScene { _, _ in }
        _ = try await scene.resolve("www.example")
        #expect(!scene.outside.queries.contains { $0.question.type == .svcb })
    }

    /// A web server for the domain, what it answers, and a resolver with an inner server for what is learnt.
    private func provisioned(
        name: String = "pvd.corp.example", _ script: @escaping ScriptedHTTPSServer.Script
    ) async throws -> (DiscoveryScene, EmbeddedNameServer, ScriptedHTTPSServer) {
        let web = try ScriptedHTTPSServer(identity: WebCertificates.issue(name).identity(), script: script)
        let inside = try EmbeddedNameServer(zones: [
            try EmbeddedZone(origin: "corp.example", text: "host A 10.0.0.1")
        ])
        let scene = try DiscoveryScene(outsideZone: "pvd.corp A 127.0.0.1\nhost.corp A 192.0.2.66") {
            $0.endpoints.append(.cleartext(inside.address, name: "inside"))
            $0.plan.servers = $0.endpoints.map(\.server)
            $1.provisioning = DiscoverySettings.Provisioning(
                domain: try DNSName("pvd.corp.example"), allowedZones: [try DNSName("corp.example")], servers: [1],
                validation: .off, authorities: .pem(try WebCertificates.rootPEM()), networks: [],
                port: web.address.port)
        }
        return (scene, inside, web)
    }

    private static let document = """
        {"identifier": "pvd.corp.example.", "expires": "2099-01-01T00:00:00Z", "prefixes": [],
         "dnsZones": ["corp.example", "example"]}
        """

    private static func reply(_ path: String) -> ScriptedReply {
        path == "/.well-known/pvd"
            ? ScriptedReply(302, fields: [("Location", "/elsewhere")])
            : ScriptedReply(fields: [("Content-Type", "application/pvd+json")], body: Array(document.utf8))
    }

    @Test func `EN-06, EN-07: what the domain's web server says makes a zone that is asked inside only`() async throws {
        let (scene, inside, web) = try await provisioned { Self.reply($0.target) }
        let learnt: [DNSName] = try await scene.reports.first { report in
            if case .provisioning(.learnt(let zones, _)) = report { zones } else { nil }
        }
        #expect(learnt.map(\.description) == ["corp.example"])
        #expect(web.requests.map(\.target) == ["/.well-known/pvd", "/elsewhere"])
        #expect(web.requests.allSatisfy { $0.fields["accept"] == "application/pvd+json" })
        scene.outside.clearQueries()
        let answer = try await scene.resolve("host.corp.example")
        #expect(answer.source?.server == "inside")
        #expect(!inside.queries.isEmpty)
        _ = try await scene.resolve("other.corp.example")
        #expect(scene.outside.queries.isEmpty)
        #expect(try await scene.resolve("www.example").source?.server == "outside")
    }

    @Test func `EN-06: a web server with another name's certificate teaches nothing`() async throws {
        let (scene, inside, web) = try await provisioned(name: "www.corp.example") { Self.reply($0.target) }
        let failure: ProvisioningFailure = try await scene.reports.first { report in
            if case .provisioning(.failed(let failure, _)) = report { failure } else { nil }
        }
        guard case .notAuthenticated = failure else {
            Issue.record("failed for another reason: \(failure)")
            return
        }
        #expect(web.requests.isEmpty)
        #expect(inside.queries.isEmpty)
    }

    @Test func `a new key of a zone is seen by its servers' answer, and kept`() async throws {
        let keys = try (0..<2).map { _ in
            try SigningKey(
                zone: .root, algorithm: .ecdsaP256SHA256, flags: ZoneKey.zoneFlag | ZoneKey.secureEntryPointFlag)
        }
        let records = keys.map { $0.zoneKey.record(timeToLive: 3600) }
        let now = UInt32(truncatingIfNeeded: WallClock.system())
        let signature = try keys[0].sign(records, inception: now - 3600, expiration: now + 86400).record
        let box = Box()
        let scene = try DiscoveryScene(rootRecords: records + [signature]) { settings, discovery in
            settings.plan.anchors = TrustAnchorSet([TrustAnchor(zone: .root, keys: [keys[0].zoneKey])])
            discovery.findsDesignatedResolvers = true
            discovery.anchorStore = DiscoverySettings.AnchorStore(
                load: { name in box.load(name) }, save: { name, text in box.save(name, text) })
        }
        let pending: ZoneKey = try await scene.reports.first { report in
            if case .trustAnchor(.keyPending(let key, _)) = report { key } else { nil }
        }
        #expect(pending == keys[1].zoneKey)
        _ = try await scene.resolve("www.example")
        #expect(box.load("root.trust-anchor")?.contains("add-pending") == true)
        let asked = try #require(scene.outside.queries.last { $0.question.type == .dnskey })
        #expect(asked.wantsSignatures && asked.disablesChecking)
    }

    @Test(arguments: [true, false])
    func `DP-03: under opportunistic keys are asked for with proof and credential first, and then without both`(
        isProven: Bool
    ) async throws {
        let names: [CertificateTemplate.Name] = [.dns(isProven ? "dns.example" : "evil.example")]
        let web = try ScriptedHTTPSServer(identity: WebCertificates.issue("dns.example", names).identity()) {
            DNSOverHTTP.answer($0)
        }
        let key = try SigningKey(
            zone: .root, algorithm: .ecdsaP256SHA256, flags: ZoneKey.zoneFlag | ZoneKey.secureEntryPointFlag)
        let scene = try DiscoveryScene { settings, discovery in
            settings.endpoints = [
                try endpoint(web, credential: .password(username: "u", password: "p"), profile: .opportunistic)
            ]
            settings.plan.servers = settings.endpoints.map(\.server)
            settings.plan.anchors = TrustAnchorSet([TrustAnchor(zone: .root, keys: [key.zoneKey])])
            discovery.anchorStore = DiscoverySettings.AnchorStore(load: { _ in nil }, save: { _, _ in })
        }
        // What the server says are no keys; how it was asked counts.
        let asked: DNSName = try await scene.reports.first { report in
            if case .trustAnchor(.queryFailed(let zone)) = report { zone } else { nil }
        }
        #expect(asked == .root)
        #expect(!web.requests.isEmpty)
        #expect(web.requests.allSatisfy { ($0.fields["authorization"] != nil) == isProven })
    }

    /// What was kept, for closures to share.
    private final class Box: Sendable {
        private let kept = Mutex<[String: String]>([:])

        func load(_ name: String) -> String? { kept.withLock { $0[name] } }

        func save(_ name: String, _ text: String) { kept.withLock { $0[name] = text } }
    }
}
