import DNSMessages
import NameResolution
import Testing

/// Who may be asked in the place of an unencrypted resolver, and who not (RFC 9462, RFC 9461).
@Suite("RFC 9462 designated resolvers")
struct DesignationDiscoveryTests {
    private static func discovery(
        _ address: String = "192.0.2.53", profile: UpstreamServer.Profile = .strict
    ) throws -> DesignationDiscovery {
        DesignationDiscovery(of: .address(try #require(IPAddress(address))), profile: profile, seed: 1)
    }

    private static func binding(_ parameters: [ServiceParameter]) throws -> DNSRecord {
        try binding(1, "dot.example.net", parameters)
    }

    private static func binding(
        _ priority: UInt16, _ target: String, _ parameters: [ServiceParameter],
        owner: String = "_dns.resolver.arpa", ttl: UInt32 = 7200
    ) throws -> DNSRecord {
        let binding = try #require(
            ServiceBinding(priority: priority, target: try DNSName(target), parameters: parameters))
        return binding.record(owner: try DNSName(owner), timeToLive: ttl)
    }

    private static func hint(_ text: String) -> ServiceParameter {
        ServiceParameter.addressHints(.v4, [IPAddress(text)].compactMap { $0 })
    }

    private static let dot = ServiceParameter.applicationProtocols(["dot"])

    /// Starts, and gives records as the answer to the question asked.
    private static func begin(
        _ discovery: inout DesignationDiscovery, _ records: [DNSRecord]
    ) throws -> [DesignationDiscovery.Action] {
        let question = try #require(discovery.designator.question)
        #expect(
            discovery.handle(.started) == [.setTimer(.patience, after: DesignationDiscovery.patience), .ask(question)])
        let response = TestRecords.response(to: question, answers: records)
        return discovery.handle(.answered(question, .success(response)))
    }

    private static func candidates(_ actions: [DesignationDiscovery.Action]) -> [DesignatedEndpoint] {
        actions.compactMap { action in
            if case .verify(let endpoint, _) = action { endpoint } else { nil }
        }
    }

    private static func conclusion(
        _ actions: [DesignationDiscovery.Action]
    ) -> (used: [DesignatedResolver], refused: [DesignationRefusal])? {
        for case .conclude(let used, let refused) in actions { return (used, refused) }
        return nil
    }

    private static func refresh(_ actions: [DesignationDiscovery.Action]) -> Duration? {
        for case .setTimer(.refresh, let delay) in actions { return delay }
        return nil
    }

    @Test
    func `DD-01: the first question is the one for designations, and none is ever for an address of resolver.arpa`()
        throws
    {
        var discovery = try Self.discovery()
        #expect(discovery.designator.question == (try TestRecords.question("_dns.resolver.arpa", .svcb)))
        for target in [".", "resolver.arpa", "a.resolver.arpa", "_dns.resolver.arpa"] {
            discovery = try Self.discovery()
            let actions = try Self.begin(&discovery, [try Self.binding(1, target, [Self.dot])])
            #expect(Self.conclusion(actions)?.refused == [.target(try DNSName(target))])
            #expect(!actions.contains { if case .ask = $0 { true } else { false } })
        }
    }

    @Test func `DD-02: the addresses of the target are looked up, and each has to prove the original address`() throws {
        var discovery = try Self.discovery()
        let asked = try Self.begin(&discovery, [try Self.binding([Self.dot])])
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
            var discovery = try Self.discovery(profile: profile)
            let actions = try Self.begin(&discovery, [try Self.binding([Self.dot, Self.hint("198.51.100.7")])])
            let candidate = try #require(Self.candidates(actions).first)
            #expect(actions.contains(.verify(candidate, allowsUnauthenticated: false)))
            let ended = discovery.handle(.verified(candidate, .notAuthenticated("no such address", answers: true)))
            #expect(Self.conclusion(ended)?.used == [])
            #expect(Self.conclusion(ended)?.refused == [.notVerified(candidate, "no such address")])
            #expect(Self.refresh(ended) == .seconds(7200))
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
        var discovery = try Self.discovery(original, profile: profile)
        let actions = try Self.begin(&discovery, [try Self.binding([Self.dot, Self.hint(address)])])
        let candidate = try #require(Self.candidates(actions).first)
        #expect(actions.contains(.verify(candidate, allowsUnauthenticated: isUsed)))
        let ended = discovery.handle(.verified(candidate, .notAuthenticated("self-signed", answers: true)))
        let used = Self.conclusion(ended)?.used
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
            try Self.binding(2, "doh.other.example", [Self.dot, Self.hint("198.51.100.7")], owner: owner),
            try Self.binding(1, ".", [Self.dot, Self.hint("198.51.100.8")], owner: owner),
        ]
        let candidates = Self.candidates(try Self.begin(&discovery, records))
        #expect(candidates.map(\.target.description) == [owner, "doh.other.example"])
        #expect(candidates.allSatisfy { $0.designator.authenticationName == "resolver.example.com" })
        _ = discovery.handle(.verified(candidates[0], .notAuthenticated("other name", answers: false)))
        let ended = discovery.handle(.verified(candidates[1], .authenticated))
        #expect(Self.conclusion(ended)?.used == [DesignatedResolver(candidates[1], proof: .verified)])
    }

    @Test func `DD-06: lower priorities first, and what is offered twice is tried in turn`() throws {
        var discovery = try Self.discovery()
        let h2 = ServiceParameter.applicationProtocols(["h2", "dot"])
        let records = [
            try Self.binding(20, "c.example", [Self.dot, Self.hint("198.51.100.3"), .port(8530)]),
            try Self.binding(1, "a.example", [h2, Self.hint("198.51.100.1"), .httpsPath("/dns-query{?dns}")]),
            try Self.binding(3, "b.example", [.applicationProtocols(["doq", "dot"]), Self.hint("198.51.100.2")]),
        ]
        let candidates = Self.candidates(try Self.begin(&discovery, records))
        #expect(candidates.map(\.address.description) == [1, 1, 2, 3].map { "198.51.100.\($0)" })
        #expect(candidates.map(\.port) == [443, 853, 853, 8530])
        #expect(candidates.map(\.channel) == [.https, .tls, .tls, .tls])
        #expect(candidates.map(\.path) == ["/dns-query", nil, nil, nil])
    }

    /// Parameters of one record, and why it is not used.
    static func unusable() throws -> [([ServiceParameter], DesignationRefusal)] {
        let target = try DNSName("dot.example.net")
        let h2 = ServiceParameter.applicationProtocols(["h2"])
        let unknown = ServiceParameter.Key(rawValue: 65444)
        let ech = ServiceParameter.Key(rawValue: 5)
        return [
            ([dot, .mandatory([unknown]), ServiceParameter(unknown, [1])], .unknownParameter(65444, target: target)),
            ([dot, .mandatory([ech]), ServiceParameter(ech, [1])], .unknownParameter(5, target: target)),
            ([h2], .path(target: target)), ([.applicationProtocols(["dot", "h3"])], .path(target: target)),
            ([h2, .httpsPath("/dns-query")], .path(target: target)),
            ([h2, .httpsPath("/dns-query{?other}")], .path(target: target)),
            ([h2, .httpsPath("//evil.example/{?dns}")], .path(target: target)),
            ([h2, .httpsPath("https://evil.example/{?dns}")], .path(target: target)),
            ([h2, .httpsPath("/a b{?dns}")], .path(target: target)),
            ([h2, .httpsPath("/a{?dns")], .path(target: target)),
            ([h2, .httpsPath("/a#b{?dns}")], .path(target: target)),
            ([.applicationProtocols(["doq"])], .noProtocol(target: target)), ([], .noProtocol(target: target)),
            ([dot, .port(25)], .port(25, target: target)), ([dot, .port(6667)], .port(6667, target: target)),
            ([dot, .port(53)], .port(53, target: target)), ([dot, .port(0)], .port(0, target: target)),
        ]
    }

    @Test func `DD-06: a record that cannot be used rightly is not used, and says why`() throws {
        for (parameters, reason) in try Self.unusable() {
            var discovery = try Self.discovery()
            let actions = try Self.begin(&discovery, [try Self.binding(parameters + [Self.hint("198.51.100.7")])])
            #expect(Self.conclusion(actions)?.refused == [reason])
            // Another record of the set may be used all the same.
            discovery = try Self.discovery()
            let good = try Self.binding(2, "good.example", [Self.dot, Self.hint("198.51.100.8")])
            let both = try Self.begin(
                &discovery, [try Self.binding(parameters + [Self.hint("198.51.100.7")]), good])
            #expect(Self.candidates(both).map(\.target.description) == ["good.example"])
        }
    }

    @Test func `DD-06: the vectors are read as they are, and malformed data voids the whole set`() throws {
        let doh: [UInt8] =
            [
                0, 1, 3, 0x64, 0x6F, 0x68, 7, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 3, 0x6E, 0x65, 0x74, 0, 0, 1, 0,
                3,
                2, 0x68, 0x32, 0, 7, 0, 16,
            ] + Array("/dns-query{?dns}".utf8)
        let owner = try DNSName("_dns.resolver.arpa")
        let record = DNSRecord(owner: owner, type: .svcb, timeToLive: 60, octets: doh)
        var discovery = try Self.discovery()
        let asked = try Self.begin(&discovery, [record])
        #expect(asked.contains(.ask(try TestRecords.question("doh.example.net", .a))))
        // The parameter alpn twice.
        let twice = Array(doh[..<26]) + Array(doh[19..<26])
        discovery = try Self.discovery()
        let good = try Self.binding(2, "good.example", [Self.dot, Self.hint("198.51.100.8")])
        let actions = try Self.begin(
            &discovery, [good, DNSRecord(owner: owner, type: .svcb, timeToLive: 60, octets: twice)])
        #expect(Self.conclusion(actions)?.refused == [.malformed])
    }

    @Test func `DD-06: aliases are followed, next to one nothing else counts, and their number is bounded`() throws {
        var discovery = try Self.discovery()
        var actions = try Self.begin(
            &discovery,
            [try Self.binding(0, "a1.example", []), try Self.binding([Self.dot, Self.hint("198.51.100.7")])])
        for step in 1...DesignationDiscovery.maximumAliases {
            let question = try TestRecords.question("a\(step).example", .svcb)
            #expect(actions.contains(.ask(question)))
            let next = try Self.binding(0, "a\(step + 1).example", [], owner: "a\(step).example")
            actions = discovery.handle(
                .answered(question, .success(TestRecords.response(to: question, answers: [next]))))
        }
        #expect(Self.conclusion(actions)?.refused == [.alias])
    }

    @Test func `DD-06: an alias to nothing, or back, ends it`() throws {
        for target in [".", "_dns.resolver.arpa"] {
            var discovery = try Self.discovery()
            let actions = try Self.begin(&discovery, [try Self.binding(0, target, [])])
            #expect(Self.conclusion(actions)?.refused == [.alias])
        }
    }

    @Test func `DD-02: no designation and no answer leave things as configured, and are asked again after a while`()
        throws
    {
        var discovery = try Self.discovery()
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
        var discovery = try Self.discovery(profile: profile)
        let actions = try Self.begin(&discovery, [try Self.binding([Self.dot, Self.hint("198.51.100.7")])])
        let candidate = try #require(Self.candidates(actions).first)
        _ = discovery.handle(.verified(candidate, .authenticated))
        _ = discovery.handle(.timerFired(.refresh))
        let question = try #require(discovery.designator.question)
        let ended = discovery.handle(.answered(question, .success(TestRecords.response(to: question, .nameError))))
        return (discovery, candidate, ended)
    }

    @Test func `DD-02: whoever suppresses the answer later does not lead a strict resolver back into the clear`() throws
    {
        let (_, candidate, actions) = try Self.forsaken(.strict)
        #expect(Self.conclusion(actions)?.used == [DesignatedResolver(candidate, proof: .verified)])
    }

    @Test func `DD-02: under the opportunistic profile it stays as long as it proves itself`() throws {
        for (outcome, isUsed) in [
            (DesignationDiscovery.Verification.authenticated, true), (.unreachable("gone"), false),
        ] {
            var (discovery, candidate, actions) = try Self.forsaken(.opportunistic)
            #expect(Self.candidates(actions) == [candidate])
            let ended = discovery.handle(.verified(candidate, outcome))
            #expect(Self.conclusion(ended)?.used.isEmpty == !isUsed)
        }
    }

    @Test func `DD-06: a flood of records makes a bounded number of connections`() throws {
        var discovery = try Self.discovery()
        let records = try (1...200).map { index in
            try Self.binding(UInt16(index), "t\(index).example", [Self.dot, Self.hint("198.51.100.\(index)")])
        }
        let actions = try Self.begin(&discovery, records)
        #expect(Self.candidates(actions).count == 8)
        let ended = discovery.handle(.timerFired(.patience))
        #expect(Self.conclusion(ended)?.refused.contains(.tooMany) == true)
    }
}
