import DNSMessages
import NameResolution
import Testing

@Suite("All questions of a process")
struct ResolverTests {
    private typealias Make = TestRecords

    private static func attempt(_ question: DNSQuestion, _ number: Int) -> [Resolver.Action] {
        [
            .ask(Attempt(identifier: number, server: 0, transport: .udp, question: question)),
            .setTimeout(attempt: number, after: .milliseconds(1500)),
        ]
    }

    private static func positive(_ name: String, ttl: UInt32 = 300) throws -> (DNSQuestion, AttemptOutcome, Answer) {
        let question = try Make.question(name, .a)
        let record = try Make.address(name, "192.0.2.1", ttl: ttl)
        let answer = Answer(
            to: question, .records([record]), lifetime: .seconds(ttl),
            source: AnswerSource(server: "server 0", transport: .udp, isAuthenticated: false))
        return (question, .received(Make.response(to: question, answers: [record])), answer)
    }

    private static func bench(_ limits: ResolverLimits = ResolverLimits()) -> ResolverBench {
        ResolverBench(plan: Make.plan(servers: 1), limits: limits)
    }

    @Test func `DN-14: inside its lifetime an answer costs no query, after it it does`() throws {
        var bench = Self.bench()
        let (question, response, answer) = try Self.positive("host.example", ttl: 60)
        #expect(bench.ask(question, ticket: 1) == Self.attempt(question, 1))
        #expect(bench.end(1, response) == [.answer(ticket: 1, answer)])
        bench.now = .seconds(53)
        #expect(bench.ask(question, ticket: 2).count == 1)
        #expect(bench.answers[2]?.content == answer.content && bench.answers[2]?.lifetime == .seconds(7))
        #expect(bench.answers[2]?.source == answer.source)
        bench.now = .seconds(60)
        #expect(bench.ask(question, ticket: 3) == Self.attempt(question, 2))
    }

    @Test func `DN-14: in the last tenth of its lifetime an answer in use is renewed, and given all the same`() throws {
        var bench = Self.bench()
        let (question, response, answer) = try Self.positive("host.example", ttl: 100)
        bench.ask(question, ticket: 1)
        bench.end(1, response)
        bench.now = .seconds(90)
        let actions = bench.ask(question, ticket: 2)
        #expect(actions.dropFirst() == Self.attempt(question, 2)[...])
        #expect(bench.answers[2]?.content == answer.content)
        #expect(bench.ask(question, ticket: 3).count == 1)
        // What came of it in vain changes nothing; who asks a little later tries again.
        #expect(bench.end(2, .received(Make.response(to: question, .serverFailure))) == [])
        #expect(bench.ask(question, ticket: 9).count == 1)
        bench.now = .seconds(95)
        #expect(bench.ask(question, ticket: 4).dropFirst() == Self.attempt(question, 3)[...])
        #expect(bench.end(3, response) == [])
        bench.now = .seconds(150)
        #expect(bench.ask(question, ticket: 5).count == 1)
        #expect(bench.answers[5]?.lifetime == .seconds(45))
    }

    @Test(arguments: [0, 3600])
    func `old answers are given only when that is switched on, and only while nobody answers`(seconds: Int) throws {
        var bench = Self.bench(seconds > 0 ? ResolverLimits(staleLifetime: .seconds(seconds)) : ResolverLimits())
        let (question, response, answer) = try Self.positive("host.example", ttl: 60)
        bench.ask(question, ticket: 1)
        bench.end(1, response)
        bench.now = .seconds(100)
        bench.ask(question, ticket: 2)
        bench.end(2, .failed(.unreachable("no route")))
        guard seconds > 0 else {
            #expect(bench.answers[2]?.content == .failed(.unreachable("server 0: no route")))
            return
        }
        #expect(bench.answers[2]?.content == answer.content)
        #expect(bench.answers[2]?.isStale == true && bench.answers[2]?.lifetime == .seconds(30))
        #expect(bench.reports == [.servedStale(question)])
        bench.now = .seconds(120)
        #expect(bench.ask(question, ticket: 3).count == 1)
        #expect(bench.answers[3]?.isStale == true)
        // Its end does not move.
        for step in 1..<200 {
            bench.now = .seconds(100 + 31 * step)
            bench.ask(question, ticket: 10 + step)
            if let attempt = bench.asked.last { bench.end(attempt.identifier, .failed(.unreachable("no route"))) }
            #expect(bench.answers[10 + step]?.isStale == (100 + 31 * step < 60 + seconds))
        }
        bench.ask(question, ticket: 300)
        bench.end(bench.asked.count, response)
        #expect(bench.answers[300]?.isStale == false)
    }

    @Test func `DH-07: the time in an HTTP cache counts, and what has no time left is used once`() throws {
        for (age, lifetime) in [(20, 40), (60, 0), (400, 0)] {
            var bench = Self.bench()
            let (question, _, answer) = try Self.positive("host.example", ttl: 60)
            let response = Make.response(to: question, answers: answer.records)
            bench.ask(question, ticket: 1)
            bench.end(1, .answered(response, isAuthenticated: true, age: .seconds(age)))
            #expect(bench.answers[1]?.lifetime == .seconds(lifetime) && bench.answers[1]?.records.count == 1)
            #expect(bench.ask(question, ticket: 2).count == (lifetime > 0 ? 1 : 2))
        }
    }

    @Test func `DO-06: equal questions share one lookup`() throws {
        var bench = Self.bench()
        let (question, response, answer) = try Self.positive("host.example")
        #expect(bench.ask(question, ticket: 1).count == 2)
        for ticket in 2...50 { #expect(bench.ask(question, ticket: ticket) == []) }
        #expect(bench.end(1, response) == (1...50).map { .answer(ticket: $0, answer) })
        #expect(bench.resolver.lookupsUnderWay == 0)
    }

    @Test func `DO-06: lookups are bounded, wait for their turn, and then fail`() throws {
        var bench = Self.bench(ResolverLimits(concurrentLookups: 2, waitingQuestions: 1))
        let (first, response, answer) = try Self.positive("n1.example")
        let others = try (2...4).map { try Make.question("n\($0).example", .a) }
        #expect(bench.ask(first, ticket: 1).count == 2)
        #expect(bench.ask(others[0], ticket: 2).count == 2)
        #expect(bench.ask(others[1], ticket: 3) == [])
        #expect(
            bench.ask(others[2], ticket: 4)
                == [.answer(ticket: 4, Answer(to: others[2], .failed(.overloaded)))])
        #expect(bench.end(1, response) == [.answer(ticket: 1, answer)] + Self.attempt(others[1], 3))
    }

    @Test func `DO-06: a question that waited too long fails rather than hold up the rest`() throws {
        var bench = Self.bench(ResolverLimits(concurrentLookups: 1))
        let (first, response, answer) = try Self.positive("n1.example")
        let late = try Make.question("n2.example", .a)
        bench.ask(first, ticket: 1)
        bench.ask(late, ticket: 2)
        bench.now = .seconds(5)
        #expect(
            bench.end(1, response)
                == [.answer(ticket: 1, answer), .answer(ticket: 2, Answer(to: late, .failed(.overloaded)))])
    }

    @Test func `DO-06: those who wait are bounded too`() throws {
        var bench = Self.bench(ResolverLimits(askers: 2))
        let question = try Make.question("host.example", .a)
        for ticket in 1...2 { bench.ask(question, ticket: ticket) }
        #expect(
            bench.ask(question, ticket: 3) == [.answer(ticket: 3, Answer(to: question, .failed(.overloaded)))])
    }

    @Test func `DO-06: lookups that all need keys get them, however many they are`() throws {
        let anchor = TrustAnchor(
            zone: .root, keys: [ZoneKey(owner: .root, flags: 257, algorithm: .ed25519, publicKey: [1])])
        let plan = Make.plan(
            [UpstreamServer(name: "server 0", channel: .cleartext, isLoopback: false)], validation: .local,
            anchors: TrustAnchorSet([anchor]))
        var bench = ResolverBench(
            plan: plan, limits: ResolverLimits(concurrentLookups: 3, concurrentFetches: 1))
        let questions = try (0..<20).map { try Make.question("host.n\($0).example", .a) }
        for (ticket, question) in questions.enumerated() { bench.ask(question, ticket: ticket) }
        var open = 0
        try bench.run { attempt in
            open += 1
            guard attempt.question.type == .a else { return .failed(.unreachable("no route")) }
            let record = try Make.address(attempt.question.name.description, "192.0.2.1")
            return .received(Make.response(to: attempt.question, answers: [record]))
        }
        #expect(bench.answers.count == 20 && bench.resolver.lookupsUnderWay == 0)
        #expect(
            bench.answers.values.allSatisfy { answer in
                if case .failed(.unproven) = answer.content { true } else { false }
            })
    }

    @Test func `a proof that takes too long ends with the time of its question`() throws {
        let anchor = TrustAnchor(
            zone: .root, keys: [ZoneKey(owner: .root, flags: 257, algorithm: .ed25519, publicKey: [1])])
        let plan = Make.plan(
            [UpstreamServer(name: "server 0", channel: .cleartext, isLoopback: false)], validation: .local,
            anchors: TrustAnchorSet([anchor]))
        var bench = ResolverBench(plan: plan)
        let (question, response, _) = try Self.positive("host.example")
        bench.ask(question, ticket: 1)
        #expect(bench.asked.first?.wantsSignatures == true && bench.asked.first?.disablesChecking == true)
        let actions = bench.end(1, response)
        #expect(actions.contains(.setTimer(after: .seconds(5))))
        #expect(bench.asked.count == 2 && bench.answers.isEmpty)
        bench.now = .seconds(5)
        bench.handle(.timerFired)
        #expect(bench.answers[1]?.content == .failed(.timedOut))
    }

    @Test func `a shutdown answers everybody and gives up attempts`() throws {
        var bench = Self.bench(ResolverLimits(concurrentLookups: 1))
        let questions = try (0..<3).map { try Make.question("n\($0).example", .a) }
        for (ticket, question) in questions.enumerated() { bench.ask(question, ticket: ticket) }
        #expect(
            bench.handle(.shutDown)
                == [.cancel(attempt: 1)]
                + questions.enumerated().map { .answer(ticket: $0, Answer(to: $1, .failed(.cancelled))) })
        #expect(bench.end(1, .timedOut) == [])
    }

    @Test func `every event in every state has an answer`() throws {
        let plain = Make.plan(servers: 1)
        let proving = Make.plan(
            plain.servers, validation: .local,
            anchors: TrustAnchorSet([
                TrustAnchor(zone: .root, keys: [ZoneKey(owner: .root, flags: 257, algorithm: .ed25519, publicKey: [1])])
            ]))
        let (question, response, _) = try Self.positive("host.example", ttl: 60)
        let truncated = AttemptOutcome.received(Make.response(to: question, isTruncated: true))
        var states = [ResolverBench(plan: Make.plan(servers: 0)), Self.bench(), Self.bench(), Self.bench()]
        states[2].ask(question, ticket: 1)
        states[3].ask(question, ticket: 1)
        states[3].end(1, response)
        states.append(ResolverBench(plan: proving))
        states[4].ask(question, ticket: 1)
        states[4].end(1, response)
        states.append(states[2])
        states[5].handle(.shutDown)
        let events: [Resolver.Event] =
            [
                .asked(question, ticket: 9), .resumed, .timerFired, .shutDown, .planChanged(plain),
                .planChanged(proving), .planChanged(Make.plan(servers: 0)),
            ]
            + [
                response, truncated, .timedOut, .failed(.unreachable("")), .failed(.notAuthenticated("")),
                .failed(.encryptionFailed("")), .failed(.refusedByHTTP(status: 500)), .failed(.malformed(.badQuestion)),
            ].flatMap { outcome in [1, 2, 99].map { .attemptEnded(attempt: $0, outcome) } }
        for state in states {
            for first in events {
                for second in events {
                    var bench = state
                    bench.handle(first)
                    bench.now = .seconds(100)
                    bench.handle(second)
                    bench.run { _ in .timedOut }
                    bench.handle(.shutDown)
                    #expect(bench.resolver.lookupsUnderWay == 0)
                    #expect(bench.answers[9] != nil || !([first, second].contains(events[0])))
                }
            }
        }
    }
}
