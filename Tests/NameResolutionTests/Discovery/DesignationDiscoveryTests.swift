import DNSMessages
import NameResolution
import TestSupport
import Testing

/// Who may be asked in the place of an unencrypted resolver, and who not (RFC 9462, RFC 9461).
@Suite("RFC 9462 designated resolvers")
struct DesignationDiscoveryTests {
    @Test
    func `DD-01: the first question is the one for designations, and none is ever for an address of resolver.arpa`()
        throws
    {
        var discovery = try DesignationBench.discovery()
        #expect(discovery.designator.question == (try TestRecords.question("_dns.resolver.arpa", .svcb)))
        for target in [".", "resolver.arpa", "a.resolver.arpa", "_dns.resolver.arpa"] {
            discovery = try DesignationBench.discovery()
            let actions = try DesignationBench.begin(
                &discovery, [try DesignationBench.binding(1, target, [DesignationBench.dot])])
            #expect(DesignationBench.conclusion(actions)?.refused == [.target(try DNSName(target))])
            #expect(!actions.contains { if case .ask = $0 { true } else { false } })
        }
    }

    @Test func `DD-02: the addresses of the target are looked up, and each has to prove the original address`() throws {
        var discovery = try DesignationBench.discovery()
        let asked = try DesignationBench.begin(&discovery, [try DesignationBench.binding([DesignationBench.dot])])
        let (v6, v4) = (
            try TestRecords.question("dot.example.net", .aaaa), try TestRecords.question("dot.example.net", .a)
        )
        #expect(asked == [.setTimer(.patience, after: DesignationDiscovery.patience), .ask(v6), .ask(v4)])
        #expect(discovery.handle(.answered(v6, .success(TestRecords.response(to: v6)))).isEmpty)
        let answer = TestRecords.response(to: v4, answers: [try TestRecords.address("dot.example.net", "198.51.100.7")])
        let candidate = DesignatedEndpoint(
            designator: discovery.designator, channel: .tls, target: try DNSName("dot.example.net"),
            address: try #require(IPAddress("198.51.100.7")), port: 853)
        #expect(
            discovery.handle(.answered(v4, .success(answer))) == [
                .setTimer(.patience, after: DesignationDiscovery.patience),
                .verify(candidate, allowsUnauthenticated: false),
            ])
        #expect(candidate.designator.authenticationName == "192.0.2.53")
        #expect(
            discovery.handle(.verified(candidate, .authenticated)) == [
                .conclude([DesignatedResolver(candidate, proof: .verified)], refusals: []),
                .setTimer(.refresh, after: .seconds(7200)),
            ])
    }

    @Test func `DD-02, EN-11: without the proof it is not used, and nobody is asked again during the time to live`()
        throws
    {
        for profile in [UpstreamServer.Profile.strict, .opportunistic] {
            var discovery = try DesignationBench.discovery(profile: profile)
            let actions = try DesignationBench.begin(
                &discovery,
                [try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint("198.51.100.7")])])
            let candidate = try #require(DesignationBench.candidates(actions).first)
            #expect(actions.contains(.verify(candidate, allowsUnauthenticated: false)))
            let ended = discovery.handle(.verified(candidate, .notAuthenticated("no such address", answers: true)))
            #expect(DesignationBench.conclusion(ended)?.used == [])
            #expect(DesignationBench.conclusion(ended)?.refused == [.notVerified(candidate, "no such address")])
            #expect(DesignationBench.refresh(ended) == .seconds(7200))
        }
    }

    /// The original address, that of the endpoint, the profile, and whether encryption alone will do.
    static let opportunities: [(String, String, UpstreamServer.Profile, Bool)] = [
        ("127.0.0.1", "127.0.0.1", .opportunistic, true), ("127.0.0.1", "127.0.0.1", .strict, false),
        ("10.1.2.3", "10.1.2.3", .opportunistic, true), ("10.1.2.3", "10.1.2.4", .opportunistic, false),
        ("172.31.0.1", "172.31.0.1", .opportunistic, true), ("172.32.0.1", "172.32.0.1", .opportunistic, false),
        ("192.168.1.1", "192.168.1.1", .opportunistic, true), ("169.254.1.1", "169.254.1.1", .opportunistic, true),
        ("192.0.2.53", "192.0.2.53", .opportunistic, false),
    ]

    @Test(arguments: opportunities)
    func `DD-03: encryption alone will do only at the same private address, and never under strict`(
        original: String, address: String, profile: UpstreamServer.Profile, isUsed: Bool
    ) throws {
        var discovery = try DesignationBench.discovery(original, profile: profile)
        let actions = try DesignationBench.begin(
            &discovery, [try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint(address)])])
        let candidate = try #require(DesignationBench.candidates(actions).first)
        #expect(actions.contains(.verify(candidate, allowsUnauthenticated: isUsed)))
        let ended = discovery.handle(.verified(candidate, .notAuthenticated("self-signed", answers: true)))
        let used = DesignationBench.conclusion(ended)?.used
        #expect(used == (isUsed ? [DesignatedResolver(candidate, proof: .opportunistic)] : []))
        #expect(used?.first.map { $0.server(isLoopback: false).profile } ?? .opportunistic == .opportunistic)
    }

    @Test func `DD-03: a private IPv6 address is one, a global one is not`() throws {
        for (text, isPrivate) in [("fd00::1", true), ("fe80::1", true), ("::1", true), ("2001:db8::1", false)] {
            let address = try #require(IPAddress(text))
            let endpoint = DesignatedEndpoint(
                designator: .address(address), channel: .tls, target: .root, address: address, port: 853)
            #expect(endpoint.isWhereItsDesignatorIs == isPrivate)
        }
    }

    @Test func `DD-04: a designation takes the place of its own resolver alone`() throws {
        let (first, second) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
        let endpoint = DesignatedEndpoint(
            designator: .address(first), channel: .https, target: try DNSName("doh.example.net"), address: second,
            port: 443, path: "/dns-query")
        let resolver = DesignatedResolver(endpoint, proof: .verified)
        var plan = DiscoveredPlan(
            ResolutionPlan(
                servers: [
                    UpstreamServer(name: "a", channel: .cleartext, isLoopback: false),
                    UpstreamServer(name: "b", channel: .cleartext, isLoopback: false),
                    UpstreamServer(name: "c", channel: .tls, isLoopback: false),
                ],
                zones: [
                    ResolutionZone(name: .root, servers: [0, 1]),
                    ResolutionZone(name: try DNSName("corp.example"), servers: [2]),
                ]))
        plan.designated[0] = [resolver]
        plan.zones = [
            ResolutionZone(name: try DNSName("lab.example"), servers: [0], expiry: .seconds(9)),
            ResolutionZone(name: try DNSName("corp.example"), servers: [0], expiry: .seconds(9)),
        ]
        let servers = plan.appended.map { $0.server(isLoopback: false) }
        let result = plan.plan(appending: servers)
        #expect(result.servers.count == 4)
        #expect(result.zones.map(\.servers) == [[3, 1], [2], [3]])
        // One that is known by its name stays, behind what it designates.
        plan.designated[2] = [resolver]
        #expect(plan.plan(appending: servers + servers).zones.map(\.servers) == [[3, 1], [4, 2], [3]])
        #expect(resolver.endpoint.designator.authenticationName == "192.0.2.1")
    }

    @Test func `DD-05: a resolver known by name is asked for its own designations, and its name is what counts`() throws
    {
        let name = try DNSName("resolver.example.com")
        var discovery = DesignationDiscovery(of: .name(name), profile: .strict, seed: 1)
        let owner = "_dns.resolver.example.com"
        #expect(discovery.designator.question == (try TestRecords.question(owner, .svcb)))
        let records = [
            try DesignationBench.binding(
                2, "doh.other.example", [DesignationBench.dot, DesignationBench.hint("198.51.100.7")], owner: owner),
            try DesignationBench.binding(
                1, ".", [DesignationBench.dot, DesignationBench.hint("198.51.100.8")], owner: owner),
        ]
        let candidates = DesignationBench.candidates(try DesignationBench.begin(&discovery, records))
        #expect(candidates.map(\.target.description) == [owner, "doh.other.example"])
        #expect(candidates.allSatisfy { $0.designator.authenticationName == "resolver.example.com" })
        _ = discovery.handle(.verified(candidates[0], .notAuthenticated("other name", answers: false)))
        let ended = discovery.handle(.verified(candidates[1], .authenticated))
        #expect(DesignationBench.conclusion(ended)?.used == [DesignatedResolver(candidates[1], proof: .verified)])
    }

    @Test func `DD-02: no designation and no answer leave things as configured, and are asked again after a while`()
        throws
    {
        var discovery = try DesignationBench.discovery()
        let question = try #require(discovery.designator.question)
        let denial = TestRecords.response(
            to: question, .nameError, authorities: [try TestRecords.start("resolver.arpa", ttl: 900, minimum: 600)])
        _ = discovery.handle(.started)
        let none = discovery.handle(.answered(question, .success(denial)))
        #expect(none == [.conclude([], refusals: [.noneDesignated]), .setTimer(.refresh, after: .seconds(600))])
        #expect(discovery.handle(.timerFired(.refresh)).contains(.ask(question)))
        let silent = discovery.handle(.timerFired(.patience))
        #expect(silent == [.conclude([], refusals: [.noAnswer(.timedOut)]), .setTimer(.refresh, after: .seconds(300))])
    }

    /// A discovery with one verified resolver, at the moment of its refresh, to which nothing is answered.
    private static func forsaken(
        _ profile: UpstreamServer.Profile
    ) throws -> (DesignationDiscovery, DesignatedEndpoint, [DesignationDiscovery.Action]) {
        var discovery = try DesignationBench.discovery(profile: profile)
        let actions = try DesignationBench.begin(
            &discovery, [try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint("198.51.100.7")])])
        let candidate = try #require(DesignationBench.candidates(actions).first)
        _ = discovery.handle(.verified(candidate, .authenticated))
        _ = discovery.handle(.timerFired(.refresh))
        let question = try #require(discovery.designator.question)
        let ended = discovery.handle(.answered(question, .success(TestRecords.response(to: question, .nameError))))
        return (discovery, candidate, ended)
    }

    @Test func `DD-02: whoever suppresses the answer later does not lead a strict resolver back into the clear`() throws
    {
        let (_, candidate, actions) = try Self.forsaken(.strict)
        #expect(DesignationBench.conclusion(actions)?.used == [DesignatedResolver(candidate, proof: .verified)])
    }

    @Test func `DD-02: under the opportunistic profile it stays as long as it proves itself`() throws {
        for (outcome, isUsed) in [
            (DesignationDiscovery.Verification.authenticated, true), (.unreachable("gone"), false),
        ] {
            var (discovery, candidate, actions) = try Self.forsaken(.opportunistic)
            #expect(DesignationBench.candidates(actions) == [candidate])
            let ended = discovery.handle(.verified(candidate, outcome))
            #expect(DesignationBench.conclusion(ended)?.used.isEmpty == !isUsed)
        }
    }

    @Test(arguments: 0..<12)
    func `DD-02: whatever happens in whatever order, nothing is used that did not prove itself`(seed: UInt64) throws {
        var chance = SeededGenerator(state: seed)
        var discovery = try DesignationBench.discovery(profile: seed.isMultiple(of: 2) ? .strict : .opportunistic)
        // Lists, since the order of a set changes from run to run.
        var questions: [DNSQuestion] = []
        var endpoints: [DesignatedEndpoint] = []
        var proved: Set<DesignatedEndpoint> = []
        let sets = [
            [], [try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint("198.51.100.7")])],
            [try DesignationBench.binding([DesignationBench.dot])],
            [try DesignationBench.binding(0, "alias.example", [])],
            [
                try DesignationBench.binding([DesignationBench.dot, DesignationBench.hint("198.51.100.8")]),
                try DesignationBench.binding(2, "b.example", [DesignationBench.dot]),
            ],
        ]
        for _ in 0..<200 {
            var events: [DesignationDiscovery.Event] = [.started, .timerFired(.patience), .timerFired(.refresh)]
            for question in questions {
                let records = (sets.randomElement(using: &chance) ?? []).compactMap { ServiceBinding($0) }
                    .map { $0.record(owner: question.name, timeToLive: 60) }
                let address = try TestRecords.address("\(question.name)", "198.51.100.9")
                let response = TestRecords.response(
                    to: question, answers: question.type == .svcb ? records : [address])
                events += [.answered(question, .success(response)), .answered(question, .failure(.timedOut))]
            }
            for endpoint in endpoints {
                events += [
                    .verified(endpoint, .authenticated), .verified(endpoint, .notAuthenticated("", answers: true)),
                    .verified(endpoint, .unreachable("")),
                ]
            }
            guard let event = events.randomElement(using: &chance) else { continue }
            if case .verified(let endpoint, .authenticated) = event { proved.insert(endpoint) }
            for action in discovery.handle(event) {
                switch action {
                case .ask(let question): if !questions.contains(question) { questions.append(question) }
                case .verify(let endpoint, _): if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
                case .conclude(let used, _): #expect(used.allSatisfy { proved.contains($0.endpoint) })
                case .setTimer: break
                }
            }
        }
        #expect(!endpoints.isEmpty)
    }
}
