import DNSMessages
import NameResolution
import Testing

@Suite("All questions of a loop")
struct ResolverTests {
    private typealias Make = TestRecords

    private static func attempt(_ question: DNSQuestion, lookup: Int) -> [Resolver.Action] {
        [
            .ask(lookup: lookup, Lookup.Attempt(number: 1, server: 0, transport: .udp, question: question)),
            .setTimeout(lookup: lookup, attempt: 1, after: .milliseconds(1500)),
        ]
    }

    private static func positive(_ name: String, ttl: UInt32 = 300) throws -> (DNSQuestion, DNSResponse, Answer) {
        let question = try Make.question(name, .a)
        let record = try Make.address(name, "192.0.2.1", ttl: ttl)
        let answer = Answer(to: question, .records([record]), lifetime: .seconds(ttl))
        return (question, Make.response(to: question, answers: [record]), answer)
    }

    @Test func `DN-14: inside its lifetime an answer costs no query, after it it does`() throws {
        var resolver = Resolver(servers: 1)
        let (question, response, answer) = try Self.positive("host.example", ttl: 60)
        #expect(resolver.handle(.asked(question, ticket: 1), at: .zero) == Self.attempt(question, lookup: 1))
        let ended = Resolver.Event.attemptEnded(lookup: 1, .answered(response, attempt: 1))
        #expect(resolver.handle(ended, at: .zero) == [.answer(ticket: 1, answer)])
        guard case .answer(2, let kept)? = resolver.handle(.asked(question, ticket: 2), at: .seconds(59)).first else {
            Issue.record("not kept")
            return
        }
        #expect(kept.content == answer.content && kept.lifetime == .seconds(1))
        #expect(
            resolver.handle(.asked(question, ticket: 3), at: .seconds(60)) == Self.attempt(question, lookup: 2))
    }

    @Test func `DO-06: equal questions share one lookup`() throws {
        var resolver = Resolver(servers: 1)
        let (question, response, answer) = try Self.positive("host.example")
        #expect(resolver.handle(.asked(question, ticket: 1), at: .zero).count == 2)
        for ticket in 2...50 { #expect(resolver.handle(.asked(question, ticket: ticket), at: .zero) == []) }
        let actions = resolver.handle(.attemptEnded(lookup: 1, .answered(response, attempt: 1)), at: .zero)
        #expect(actions == (1...50).map { .answer(ticket: $0, answer) })
        #expect(resolver.lookupsUnderWay == 0)
    }

    @Test func `DO-06: lookups are bounded, wait for their turn, and then fail`() throws {
        let limits = ResolverLimits(concurrentLookups: 2, waitingQuestions: 1)
        var resolver = Resolver(servers: 1, limits: limits)
        let (first, response, answer) = try Self.positive("n1.example")
        let others = try (2...4).map { try Make.question("n\($0).example", .a) }
        #expect(resolver.handle(.asked(first, ticket: 1), at: .zero).count == 2)
        #expect(resolver.handle(.asked(others[0], ticket: 2), at: .zero).count == 2)
        #expect(resolver.handle(.asked(others[1], ticket: 3), at: .zero) == [])
        #expect(
            resolver.handle(.asked(others[2], ticket: 4), at: .zero)
                == [.answer(ticket: 4, Answer(to: others[2], .failed(.overloaded)))])
        let next = resolver.handle(.attemptEnded(lookup: 1, .answered(response, attempt: 1)), at: .zero)
        #expect(next == [.answer(ticket: 1, answer)] + Self.attempt(others[1], lookup: 3))
    }

    @Test func `DO-06: a question that waited too long fails rather than hold up the rest`() throws {
        var resolver = Resolver(servers: 1, limits: ResolverLimits(concurrentLookups: 1))
        let (first, response, answer) = try Self.positive("n1.example")
        let late = try Make.question("n2.example", .a)
        _ = resolver.handle(.asked(first, ticket: 1), at: .zero)
        _ = resolver.handle(.asked(late, ticket: 2), at: .zero)
        let actions = resolver.handle(.attemptEnded(lookup: 1, .answered(response, attempt: 1)), at: .seconds(5))
        #expect(actions == [.answer(ticket: 1, answer), .answer(ticket: 2, Answer(to: late, .failed(.overloaded)))])
    }

    @Test func `DO-06: those who wait are bounded too`() throws {
        var resolver = Resolver(servers: 1, limits: ResolverLimits(askers: 2))
        let question = try Make.question("host.example", .a)
        for ticket in 1...2 { _ = resolver.handle(.asked(question, ticket: ticket), at: .zero) }
        #expect(
            resolver.handle(.asked(question, ticket: 3), at: .zero)
                == [.answer(ticket: 3, Answer(to: question, .failed(.overloaded)))])
    }

    @Test func `a shutdown answers everybody`() throws {
        var resolver = Resolver(servers: 1, limits: ResolverLimits(concurrentLookups: 1))
        let questions = try (0..<3).map { try Make.question("n\($0).example", .a) }
        for (ticket, question) in questions.enumerated() {
            _ = resolver.handle(.asked(question, ticket: ticket), at: .zero)
        }
        #expect(
            resolver.handle(.shutDown, at: .zero)
                == questions.enumerated().map { .answer(ticket: $0, Answer(to: $1, .failed(.cancelled))) })
        #expect(resolver.handle(.attemptEnded(lookup: 1, .timedOut(attempt: 1)), at: .zero) == [])
    }
}
