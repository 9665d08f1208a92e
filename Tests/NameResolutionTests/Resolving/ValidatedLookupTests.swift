import DNSMessages
import NameResolution
import Testing

@Suite("Lookups that prove what they find")
struct ValidatedLookupTests {
    private typealias Make = TestRecords

    private let example: ExampleTree

    init() throws {
        example = try ExampleTree()
    }

    private func bench(servers: Int = 1) -> ResolverBench {
        ResolverBench(
            plan: Make.plan(
                Make.plan(servers: servers).servers, validation: .local, anchors: TrustAnchorSet([example.anchor])))
    }

    private func honest(_ attempt: Attempt) throws -> AttemptOutcome {
        #expect(attempt.wantsSignatures && attempt.disablesChecking)
        return .received(try example.tree.respond(attempt.question))
    }

    /// What a server says that takes signatures away.
    private func stripped(_ attempt: Attempt) throws -> AttemptOutcome {
        let response = try example.tree.respond(attempt.question)
        return .received(
            Make.response(
                to: attempt.question, response.code, answers: response.answers.filter { $0.type != .rrsig },
                authorities: response.authorities.filter { $0.type == .soa }))
    }

    @Test(
        arguments: [
            ("www.a.test", SecurityStatus.secure, 2), ("www.i.test", .insecure, 1), ("alias.a.test", .secure, 2),
            ("absent.a.test", .secure, 0), ("moved.test", .secure, 2), ("x.wild.h.test", .secure, 1),
            // One insecure step makes all of it insecure (DS-13).
            ("away.a.test", .insecure, 1),
        ] as [(String, SecurityStatus, Int)])
    func `DS-01, DS-13: an answer comes with its status and the chain that it rests on`(
        name: String, security: SecurityStatus, count: Int
    ) throws {
        var bench = bench()
        let answer = try bench.resolve(Make.question(name, .a), by: honest)
        #expect(answer?.security == security && answer?.records.count == count)
        #expect(answer?.failure == nil)
        #expect(answer?.report?.status == security && answer?.report?.chain.isEmpty == false)
        #expect((answer?.lifetime ?? .zero) > .zero)
        // Warm, another type of the same zone costs one query.
        let before = bench.asked.count
        #expect(try bench.resolve(Make.question(name, .txt), by: honest)?.content != nil)
        #expect(bench.asked.count <= before + 1)
    }

    @Test func `DS-01: a server that strips signatures is passed over, for answers and for keys`() throws {
        for spoiled: RecordType in [.a, .dnskey, .ds] {
            var bench = bench(servers: 2)
            let answer = try bench.resolve(Make.question("www.a.test", .a)) { attempt in
                attempt.server == 0 && attempt.question.type == spoiled ? try stripped(attempt) : try honest(attempt)
            }
            #expect(answer?.security == .secure && answer?.records.count == 2, "\(spoiled)")
        }
    }

    @Test func `DN-13, DS-01: a loop of aliases that one server made up is asked of the next`() throws {
        var bench = bench(servers: 2)
        let answer = try bench.resolve(Make.question("www.a.test", .a)) { attempt in
            guard attempt.server == 0, attempt.question.type == .a else { return try honest(attempt) }
            let loop = [try Make.alias("www.a.test", "x.a.test"), try Make.alias("x.a.test", "www.a.test")]
            return .received(Make.response(to: attempt.question, answers: loop))
        }
        #expect(answer?.security == .secure && answer?.records.count == 2)
    }

    @Test func `DS-01, DN-08: where all servers are bogus nothing is used, and it is asked again soon`() throws {
        var bench = bench(servers: 3)
        let question = try Make.question("www.a.test", .a)
        let answer = try bench.resolve(question) { attempt in
            attempt.question.type == .a ? try stripped(attempt) : try honest(attempt)
        }
        guard case .failed(.bogus(let reason)) = answer?.content else {
            Issue.record("\(String(describing: answer))")
            return
        }
        #expect(answer?.security == .bogus && answer?.report?.reason == reason && answer?.records == [])
        #expect(Set(bench.asked.filter { $0.question == question }.map(\.server)) == [0, 1, 2])
        #expect(bench.reports.count == 3)
        bench.now = .seconds(29)
        #expect(try bench.resolve(question, by: honest)?.security == .bogus)
        bench.now = .seconds(30)
        #expect(try bench.resolve(question, by: honest)?.security == .secure)
    }

    @Test func `EN-12: what a server's last answer was worth is told of each`() throws {
        var bench = bench(servers: 2)
        #expect(bench.resolver.serverStates.map(\.lastSecurity) == [nil, nil])
        _ = try bench.resolve(Make.question("www.a.test", .a)) { attempt in
            attempt.server == 0 && attempt.question.type == .a ? try stripped(attempt) : try honest(attempt)
        }
        #expect(bench.resolver.serverStates.map(\.lastSecurity) == [.bogus, .secure])
        // Behind for a while, the first one is not asked; then it makes good.
        bench.now = .seconds(60)
        _ = try bench.resolve(Make.question("www.i.test", .a), by: honest)
        #expect(bench.resolver.serverStates.map(\.lastSecurity) == [.insecure, .secure])
    }

    @Test func `a change of other zones leaves proofs, and one of anchors or of limits does not`() throws {
        var bench = bench(servers: 2)
        let question = try Make.question("www.a.test", .a)
        #expect(try bench.resolve(question, by: honest)?.security == .secure)
        func keys(after event: Resolver.Event, _ type: RecordType) throws -> Int {
            bench.handle(event)
            let before = bench.asked.count
            #expect(try bench.resolve(Make.question("www.a.test", type), by: honest)?.failure == nil)
            return bench.asked[before...].filter { $0.question.type == .dnskey || $0.question.type == .ds }.count
        }
        var plan = bench.resolver.plan
        plan.zones[0].servers = [0, 1]
        plan.zones.append(ResolutionZone(name: try Make.name("corp.test"), servers: [1]))
        #expect(try keys(after: .planChanged(plan), .txt) == 0)
        // Its own zone goes to another server: its keys are asked of that one.
        plan.zones.append(ResolutionZone(name: try Make.name("a.test"), servers: [1]))
        #expect(try keys(after: .planChanged(plan), .aaaa) > 0)
        let few = ValidationLimits(iterations: 1)
        #expect(try keys(after: .limitsChanged(ResolverLimits(), few), .txt) > 0)
        #expect(try keys(after: .limitsChanged(ResolverLimits(concurrentLookups: 9), few), .srv) == 0)
        plan.anchors = TrustAnchorSet()
        bench.handle(.planChanged(plan))
        #expect(try bench.resolve(question, by: honest)?.security == .insecure)
    }

    @Test func `a change in the middle of a proof begins it anew and ends it`() throws {
        var bench = bench()
        let question = try Make.question("www.a.test", .a)
        bench.ask(question, ticket: 1)
        while bench.asked.last?.question.type != .dnskey {
            let attempt = try #require(bench.asked.last)
            bench.end(attempt.identifier, try honest(attempt))
        }
        var plan = bench.resolver.plan
        plan.zones.append(ResolutionZone(name: try Make.name("corp.test"), servers: [0]))
        bench.handle(.planChanged(plan))
        try bench.run(by: honest)
        #expect(bench.answers[1]?.security == .secure)
    }

    @Test func `DS-01, DN-08: keys that cannot be had make a failure, not an answer`() throws {
        var bench = bench(servers: 2)
        for name in ["www.a.test", "absent.a.test"] {
            let answer = try bench.resolve(Make.question(name, .a)) { attempt in
                attempt.question.type == .dnskey ? .timedOut : try honest(attempt)
            }
            guard case .failed(.unproven) = answer?.content else {
                Issue.record("\(String(describing: answer))")
                return
            }
            #expect(answer?.security == .indeterminate)
        }
    }

    @Test func `DS-08, DN-13: a wildcard's alias brings a denial of its own, and its target is asked for`() throws {
        var tree = SignedTree()
        let key = try SignedTree.key("test")
        try tree.add(
            "test", keys: [key],
            [try Make.alias("*.wild.test", "www.test"), try Make.address("www.test", "192.0.2.1")])
        var bench = ResolverBench(
            plan: Make.plan(
                Make.plan(servers: 1).servers, validation: .local, anchors: TrustAnchorSet([SignedTree.anchor(key)])))
        let answer = try bench.resolve(Make.question("x.wild.test", .a)) { attempt in
            let part = try #require(tree.zones[Make.name("test")]).respond(attempt.question)
            return .received(
                Make.response(to: attempt.question, part.code, answers: part.answers, authorities: part.denials))
        }
        #expect(answer?.security == .secure && answer?.records.count == 1)
        #expect(bench.wire.contains("0 www.test A"))
    }

    @Test(arguments: ["away.test", "out.i.test"], [ResolutionZone.Validation.local, .off])
    func `DS-13: one insecure step makes all insecure, also where each step is asked for by itself`(
        name: String, inside: ResolutionZone.Validation
    ) throws {
        var tree = SignedTree()
        let key = try SignedTree.key("test")
        let links = [try Make.alias("away.test", "www.i.test"), try Make.alias("near.test", "www.test")]
        try tree.add(
            "test", keys: [key],
            SignedTree.delegation("i.test", []) + links + [Make.address("www.test", "192.0.2.1")])
        try tree.add(
            "i.test", keys: [], [Make.address("www.i.test", "192.0.2.2"), Make.alias("out.i.test", "www.test")])
        let plan = ResolutionPlan(
            servers: Make.plan(servers: 1).servers,
            zones: [
                ResolutionZone(name: .root, servers: [0]),
                ResolutionZone(name: try Make.name("i.test"), servers: [0], validation: inside),
            ],
            anchors: TrustAnchorSet([SignedTree.anchor(key)]))
        var bench = ResolverBench(plan: plan)
        // Each zone says what is its own, and nothing of where an alias leads.
        let script: (Attempt) throws -> AttemptOutcome = { attempt in
            let isInside = attempt.question.name.isAtOrBelow(try Make.name("i.test")) && attempt.question.type != .ds
            let zone = try #require(tree.zones[Make.name(isInside ? "i.test" : "test")])
            let part = try zone.respond(attempt.question)
            return .received(
                Make.response(to: attempt.question, part.code, answers: part.answers, authorities: part.denials))
        }
        let answer = try bench.resolve(Make.question(name, .a), by: script)
        #expect(answer?.security == .insecure && answer?.records.count == 1, "\(String(describing: answer))")
        #expect(answer?.report?.status == .insecure && answer?.report?.reason.isEmpty == false)
        #expect(bench.asked.filter { $0.question.type == .a }.count == 2)
        #expect(try bench.resolve(Make.question("near.test", .a), by: script)?.security == .secure)
    }

    @Test func `DS-15: a proof ends with its signatures, whatever the time to live`() throws {
        var tree = SignedTree()
        let key = try SignedTree.key("test")
        try tree.add(
            "test", keys: [key], expiration: UInt32(SignedTree.now) + 5,
            [try Make.address("www.test", "192.0.2.1", ttl: 3600)])
        var bench = ResolverBench(
            plan: Make.plan(
                Make.plan(servers: 1).servers, validation: .local, anchors: TrustAnchorSet([SignedTree.anchor(key)])))
        let question = try Make.question("www.test", .a)
        let answer = try bench.resolve(question) { .received(try tree.respond($0.question)) }
        #expect(answer?.security == .secure)
        #expect((answer?.lifetime ?? .seconds(3600)) <= .seconds(5))
        let before = bench.asked.count
        bench.now = .seconds(5)
        bench.ask(question, ticket: 9)
        #expect(bench.asked.count == before + 1)
    }

    @Test(arguments: ["anchor", "off", "nothing", "nothing, and no recursion"])
    func `EN-10: an internal zone below a signed parent needs an anchor of its own, or an express word`(
        setting: String
    ) throws {
        var inside = SignedTree()
        let key = try SignedTree.key("corp.test")
        try inside.add("corp.test", keys: [key], [try Make.address("host.corp.test", "10.0.0.1")])
        let anchors = TrustAnchorSet([example.anchor] + (setting == "anchor" ? [SignedTree.anchor(key)] : []))
        let plan = ResolutionPlan(
            servers: Make.plan(servers: 2).servers,
            zones: [
                ResolutionZone(name: .root, servers: [0]),
                ResolutionZone(
                    name: try Make.name("corp.test"), servers: [1], validation: setting == "off" ? .off : .local),
            ],
            anchors: anchors)
        var bench = ResolverBench(plan: plan)
        let answer = try bench.resolve(Make.question("host.corp.test", .a)) { attempt in
            let isInside = attempt.question.name.isAtOrBelow(try Make.name("corp.test"))
            #expect(attempt.server == (isInside ? 1 : 0))
            let isAsRecursor = attempt.question.type == .ds && setting == "nothing"
            return .received(try (isInside && !isAsRecursor ? inside : example.tree).respond(attempt.question))
        }
        switch setting {
        case "anchor": #expect(answer?.security == .secure && answer?.records.count == 1)
        case "off": #expect(answer?.security == .insecure && answer?.records.count == 1)
        case "nothing": #expect(answer?.security == .bogus && answer?.records == [])
        default: #expect(answer?.failure != nil && answer?.records == [])
        }
    }

    @Test func `EN-04: an alias from the inside to the outside is proved by each side's chain`() throws {
        var inside = SignedTree()
        let key = try SignedTree.key("corp.test")
        try inside.add("corp.test", keys: [key], [try Make.alias("out.corp.test", "www.a.test")])
        let plan = ResolutionPlan(
            servers: Make.plan(servers: 2).servers,
            zones: [
                ResolutionZone(name: .root, servers: [0]),
                ResolutionZone(name: try Make.name("corp.test"), servers: [1]),
            ],
            anchors: TrustAnchorSet([example.anchor, SignedTree.anchor(key)]))
        var bench = ResolverBench(plan: plan)
        let answer = try bench.resolve(Make.question("out.corp.test", .a)) { attempt in
            guard attempt.server == 1 else { return try honest(attempt) }
            let zone = try #require(inside.zones[Make.name("corp.test")])
            let part = try zone.respond(attempt.question)
            return .received(
                Make.response(to: attempt.question, part.code, answers: part.answers, authorities: part.denials))
        }
        #expect(answer?.security == .secure && answer?.records.count == 2)
        let zones = Set((answer?.report?.chain ?? []).map(\.zone.description))
        #expect(zones.isSuperset(of: ["corp.test", "a.test"]))
    }
}
