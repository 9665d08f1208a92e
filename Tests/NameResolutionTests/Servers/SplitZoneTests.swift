import DNSMessages
import NameResolution
import Testing

@Suite("Names of the inside and of the outside")
struct SplitZoneTests {
    private typealias Make = TestRecords

    /// Server 0 outside, 1 for `corp.test`, 2 for `a.corp.test`.
    private static func plan(
        _ validation: ResolutionZone.Validation = .off, expiry: Duration? = nil,
        anchors: TrustAnchorSet = TrustAnchorSet()
    ) throws -> ResolutionPlan {
        ResolutionPlan(
            servers: (0..<3).map { UpstreamServer(name: "server \($0)", channel: .cleartext, isLoopback: false) },
            zones: [
                ResolutionZone(name: .root, servers: [0], validation: validation),
                ResolutionZone(name: try Make.name("corp.test"), servers: [1], validation: validation, expiry: expiry),
                ResolutionZone(name: try Make.name("a.corp.test"), servers: [2], validation: validation),
            ],
            anchors: anchors)
    }

    @Test(arguments: [
        ("corp.test", 1), ("x.corp.test", 1), ("_xmpp-server._tcp.x.corp.test", 1), ("a.corp.test", 2),
        ("b.a.corp.test", 2), ("xcorp.test", 0), ("test", 0), ("corp.test.example", 0), ("xa.corp.test", 1),
    ])
    func `EN-05: the longest rule of whole labels says whom to ask`(name: String, server: Int) throws {
        var bench = ResolverBench(plan: try Self.plan())
        bench.ask(try Make.question(name, .srv), ticket: 1)
        #expect(bench.asked.map(\.server) == [server])
    }

    @Test(arguments: [
        AttemptOutcome.timedOut, .failed(.unreachable("no route")), .failed(.malformed(.badQuestion)),
    ])
    func `EN-04: an internal name is asked nowhere else, however its server fares`(outcome: AttemptOutcome) throws {
        var bench = ResolverBench(plan: try Self.plan())
        for type in [RecordType.srv, .tlsa, .a, .aaaa, .ds, .dnskey] {
            let answer = try bench.resolve(Make.question("x.corp.test", type)) { _ in outcome }
            #expect(answer?.failure != nil)
        }
        for (name, code) in [("y.corp.test", ResponseCode.refused), ("z.corp.test", .serverFailure)] {
            let answer = try bench.resolve(Make.question(name, .a)) {
                .received(Make.response(to: $0.question, code))
            }
            #expect(answer?.content == .failed(.serverAnswered(code)))
        }
        #expect(Set(bench.asked.map(\.server)) == [1])
    }

    @Test func `EN-04: an alias that leaves the zone goes on with the other zone's server`() throws {
        var bench = ResolverBench(plan: try Self.plan())
        let question = try Make.question("www.example", .a)
        let real = try Make.address("host.corp.test", "10.0.0.1")
        let answer = try bench.resolve(question) { attempt in
            guard attempt.server == 0 else {
                return .received(Make.response(to: attempt.question, answers: [real]))
            }
            // The outside has an opinion on an internal name, and even denies it by its code.
            return .received(
                Make.response(
                    to: attempt.question, .nameError,
                    answers: [
                        try Make.alias("www.example", "alias.example"),
                        try Make.alias("alias.example", "host.corp.test"),
                        try Make.address("host.corp.test", "192.0.2.66"),
                    ], authorities: [try Make.start("corp.test")]))
        }
        #expect(answer?.records == [real])
        #expect(bench.wire == ["0 www.example A", "1 host.corp.test A"])
    }

    @Test func `EN-04: what a server says of names that are not its own is not used`() throws {
        var bench = ResolverBench(plan: try Self.plan())
        let answer = try bench.resolve(Make.question("host.corp.test", .a)) { attempt in
            let poison = [
                try Make.address("www.example", "192.0.2.66"), try Make.address("b.a.corp.test", "192.0.2.66"),
            ]
            let alias = try Make.alias("host.corp.test", "www.example")
            return .received(Make.response(to: attempt.question, answers: attempt.server == 1 ? [alias] + poison : []))
        }
        #expect(answer?.content == .noRecords)
        #expect(bench.wire == ["1 host.corp.test A", "0 www.example A"])
    }

    @Test func `EN-07: with a learnt zone its answers go, negative ones too`() throws {
        var bench = ResolverBench(plan: try Self.plan(expiry: .seconds(100)))
        let script: (Attempt) throws -> AttemptOutcome = { attempt in
            let name = attempt.question.name.description
            guard attempt.server == 1, !name.hasPrefix("none") else {
                return .received(Make.response(to: attempt.question, .nameError, authorities: [try Make.start(".")]))
            }
            return .received(Make.response(to: attempt.question, answers: [try Make.address(name, "10.0.0.1")]))
        }
        let inside = try Make.question("host.corp.test", .a)
        let absent = try Make.question("none.corp.test", .a)
        let outside = try Make.question("www.example", .a)
        #expect(try bench.resolve(inside, by: script)?.records.count == 1)
        #expect(try bench.resolve(absent, by: script)?.content == .nameDoesNotExist)
        #expect(try bench.resolve(outside, by: script)?.content == .nameDoesNotExist)
        bench.now = .seconds(99)
        #expect(try bench.resolve(inside, by: script)?.records.count == 1)
        #expect(bench.asked.count == 3)
        bench.now = .seconds(100)
        #expect(try bench.resolve(inside, by: script)?.content == .nameDoesNotExist)
        #expect(try bench.resolve(absent, by: script)?.content == .nameDoesNotExist)
        #expect(try bench.resolve(outside, by: script)?.content == .nameDoesNotExist)
        #expect(bench.asked.suffix(2).map(\.server) == [0, 0] && bench.asked.count == 5)
        #expect(bench.reports == [.zoneLapsed(try Make.name("corp.test"))])
        #expect(bench.resolver.plan.zones.count == 2)
    }

    @Test func `a plan that changes forgets what other servers said, and asks anew`() throws {
        var bench = ResolverBench(plan: try Self.plan())
        let kept = try Make.question("www.example", .a)
        let dropped = try Make.question("host.corp.test", .a)
        for question in [kept, dropped] {
            _ = try bench.resolve(question) { attempt in
                let record = try Make.address(attempt.question.name.description, "192.0.2.1")
                return .received(Make.response(to: attempt.question, answers: [record]))
            }
        }
        let open = try Make.question("open.corp.test", .a)
        bench.ask(open, ticket: 7)
        var plan = try Self.plan()
        plan.zones.remove(at: 1)
        let actions = bench.handle(.planChanged(plan))
        #expect(actions.first == .cancel(attempt: 3))
        #expect(bench.wire.last == "0 open.corp.test A")
        bench.end(4, .received(Make.response(to: open, .nameError)))
        #expect(bench.answers[7]?.content == .nameDoesNotExist)
        bench.ask(kept, ticket: 8)
        bench.ask(dropped, ticket: 9)
        #expect(bench.wire.suffix(2) == ["0 open.corp.test A", "0 host.corp.test A"])
        // The same plan again is no change, nor is a longer life.
        plan.zones[0].expiry = .seconds(1000)
        #expect(bench.handle(.planChanged(plan)) == [.setTimer(after: .seconds(1000))])
    }

    @Test func `EN-07: a learnt zone ends by the clock, also when nobody asks anything`() throws {
        var bench = ResolverBench(plan: try Self.plan(expiry: .seconds(100)))
        let question = try Make.question("host.corp.test", .a)
        bench.now = .seconds(10)
        let actions = bench.ask(question, ticket: 1)
        #expect(actions.contains(.setTimer(after: .seconds(90))))
        bench.now = .seconds(100)
        bench.handle(.timerFired)
        #expect(bench.reports == [.zoneLapsed(try Make.name("corp.test"))])
        #expect(bench.resolver.plan.zones.count == 2)
        // Who waits is answered by those whose name it is now.
        #expect(bench.wire == ["1 host.corp.test A", "0 host.corp.test A"])
    }
}
