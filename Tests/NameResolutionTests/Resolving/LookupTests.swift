import DNSMessages
import NameResolution
import Testing

@Suite("One question to its answer")
struct LookupTests {
    private typealias Make = TestRecords

    private let question: DNSQuestion
    private var bench: ResolverBench

    init() throws {
        question = try Make.question("host.example", .a)
        bench = ResolverBench(plan: Make.plan(servers: 2))
        #expect(bench.ask(question, ticket: 1) == Self.ask(question, 1, server: 0))
    }

    private static func ask(
        _ question: DNSQuestion, _ number: Int, server: Int, _ transport: AnswerSource.Transport = .udp,
        timeout: Duration = .milliseconds(1500), isRepetition: Bool = false
    ) -> [Resolver.Action] {
        let attempt = Attempt(
            identifier: number, server: server, transport: transport, question: question, isRepetition: isRepetition)
        return [.ask(attempt), .setTimeout(attempt: number, after: timeout)]
    }

    private static func answer(in actions: [Resolver.Action]) throws -> Answer {
        guard case .answer(1, let answer)? = actions.first, actions.count == 1 else { throw LookupFailure.cancelled }
        return answer
    }

    private mutating func conclude(_ response: DNSResponse) throws -> Answer {
        try Self.answer(in: bench.end(1, .received(response)))
    }

    @Test mutating func `an answer without validation is insecure and lasts as long as its shortest record`() throws {
        let records = [
            try Make.address("host.example", "192.0.2.1"), try Make.address("host.example", "192.0.2.2", ttl: 20),
        ]
        let answer = try conclude(
            Make.response(to: question, answers: records + [Make.address("other.example", "192.0.2.3")]))
        let source = AnswerSource(server: "server 0", transport: .udp, isAuthenticated: false)
        #expect(
            answer
                == Answer(to: question, .records(records), security: .insecure, lifetime: .seconds(20), source: source))
        #expect(bench.end(1, .timedOut) == [])
    }

    @Test mutating func `DN-16: a truncated answer is asked for again over TCP`() throws {
        let truncated = Make.response(to: question, isTruncated: true)
        #expect(
            bench.end(1, .received(truncated)) == Self.ask(question, 2, server: 0, .tcp))
        // A second time makes no sense: the next server has its turn.
        #expect(bench.end(2, .received(truncated)) == Self.ask(question, 3, server: 1))
    }

    @Test func `DO-06: a connection has its own time, and all of it together an end`() throws {
        let limits = LookupLimits(
            tryTimeout: .seconds(1), connectionTimeout: .seconds(5), rounds: 9, overall: .seconds(7))
        let servers = [
            UpstreamServer(name: "a", channel: .tls, isLoopback: false),
            UpstreamServer(name: "b", channel: .https, isLoopback: false),
        ]
        var patient = ResolverBench(plan: Make.plan(servers), limits: ResolverLimits(lookup: limits))
        #expect(patient.ask(question, ticket: 1).contains(.setTimeout(attempt: 1, after: .seconds(5))))
        patient.now = .seconds(5)
        #expect(patient.end(1, .timedOut).contains(.setTimeout(attempt: 2, after: .seconds(2))))
        patient.now = .seconds(7)
        patient.end(2, .timedOut)
        #expect(patient.answers[1]?.content == .failed(.timedOut))
        var plain = ResolverBench(plan: Make.plan(servers: 1), limits: ResolverLimits(lookup: limits))
        #expect(plain.ask(question, ticket: 1).contains(.setTimeout(attempt: 1, after: .seconds(1))))
        let truncated = Make.response(to: question, isTruncated: true)
        #expect(plain.end(1, .received(truncated)).contains(.setTimeout(attempt: 2, after: .seconds(5))))
    }

    @Test mutating func `DN-16: an event of an attempt that is over changes nothing`() throws {
        _ = bench.end(1, .timedOut)
        let late = Make.response(to: question, .nameError, authorities: [try Make.start("example")])
        #expect(bench.end(1, .received(late)) == [])
    }

    @Test mutating func `DN-08: silence goes round the servers and ends as a failure within the limit`() throws {
        var number = 1
        while number < 20 {
            bench.now += .milliseconds(1500)
            let actions = bench.end(number, .timedOut)
            number += 1
            if case .answer(_, let answer)? = actions.last {
                #expect(answer.content == .failed(.timedOut))
                #expect(answer.security == .indeterminate)
                #expect(number == 5)
                return
            }
            let timeout = min(.milliseconds(1500), .seconds(5) - bench.now)
            #expect(
                actions
                    == Self.ask(
                        question, number, server: (number - 1) % 2, timeout: timeout, isRepetition: number > 2))
        }
        Issue.record("the lookup does not end")
    }

    @Test(arguments: [ResponseCode.serverFailure, .refused, .formatError, .notImplemented, ResponseCode(rawValue: 16)])
    mutating func `DN-08: a server that does not know is not "no records"`(code: ResponseCode) throws {
        let response = Make.response(to: question, code)
        #expect(bench.end(1, .received(response)) == Self.ask(question, 2, server: 1))
        let answer = try Self.answer(in: bench.end(2, .received(response)))
        #expect(answer.content == .failed(.serverAnswered(code)))
    }

    @Test mutating func `DN-08: a malformed response over TCP and a referral are failures`() throws {
        #expect(bench.end(1, .failed(.malformed(.cutShort(.answer)))) == Self.ask(question, 2, server: 1))
        let referral = Make.response(
            to: question, authorities: [try Make.record("example", .ns(Make.name("ns.example")))])
        let answer = try Self.answer(in: bench.end(2, .received(referral)))
        #expect(answer.content == .failed(.lameServer))
    }

    @Test func `no servers, no answer`() throws {
        var bench = ResolverBench(plan: Make.plan(servers: 0))
        #expect(try Self.answer(in: bench.ask(question, ticket: 1)).content == .failed(.noServers))
        bench = ResolverBench(plan: ResolutionPlan(servers: [], zones: []))
        #expect(try Self.answer(in: bench.ask(question, ticket: 1)).content == .failed(.noServers))
    }

    @Test(
        arguments: [
            (ResponseCode.nameError, 30, 60, "example", Answer.Content.nameDoesNotExist, 30),
            (.nameError, 90, 60, "example", .nameDoesNotExist, 60),
            (.noError, 30, 60, "example", .noRecords, 30),
            (.noError, 90, 60, "host.example", .noRecords, 60),
            (.noError, 999_999, 999_999, ".", .noRecords, 10_800),
            // An SOA that does not stand above the name says nothing about it.
            (.nameError, 30, 60, "other.example", .nameDoesNotExist, 0),
        ] as [(ResponseCode, UInt32, UInt32, String, Answer.Content, Int)])
    mutating func `DN-14: a negative answer lasts for the lesser of SOA TTL and MINIMUM`(
        code: ResponseCode, ttl: UInt32, minimum: UInt32, owner: String, content: Answer.Content, lifetime: Int
    ) throws {
        let start = try Make.start(owner, ttl: ttl, minimum: minimum)
        let answer = try conclude(Make.response(to: question, code, authorities: [start]))
        #expect(answer.content == content)
        #expect(answer.lifetime == .seconds(lifetime))
    }

    @Test mutating func `DN-14: a negative answer without an SOA may not be kept`() throws {
        let answer = try conclude(Make.response(to: question))
        #expect(answer.content == .noRecords && answer.lifetime == .zero)
        #expect(bench.ask(question, ticket: 2).count == 2)
    }

    @Test mutating func `DN-13: aliases in one response are followed and shorten its life`() throws {
        let address = try Make.address("c.example", "192.0.2.1")
        let answers = [
            address, try Make.alias("b.example", "c.example", ttl: 10), try Make.alias("host.example", "b.example"),
        ]
        let answer = try conclude(Make.response(to: question, answers: answers))
        #expect(answer.content == .records([address]))
        #expect(answer.canonicalName == address.owner)
        #expect(answer.lifetime == .seconds(10))
    }

    @Test mutating func `DN-13: where the response ends the chain is asked for on`() throws {
        let first = Make.response(to: question, answers: [try Make.alias("host.example", "b.example")])
        let next = try Make.question("b.example", .a)
        #expect(bench.end(1, .received(first)) == Self.ask(next, 2, server: 0))
        let address = try Make.address("b.example", "192.0.2.1")
        let second = Make.response(to: next, answers: [address])
        let answer = try Self.answer(in: bench.end(2, .received(second)))
        #expect(answer.question == question)
        #expect(answer.content == .records([address]))
    }

    @Test mutating func `DN-13: an alias to a name without records has none`() throws {
        let alias = try Make.alias("host.example", "b.example")
        let answer = try conclude(
            Make.response(to: question, .nameError, answers: [alias], authorities: [Make.start("example")]))
        #expect(answer.content == .nameDoesNotExist)
        #expect(try answer.canonicalName == Make.name("b.example"))
    }

    @Test mutating func `DN-13: a loop of aliases is cut`() throws {
        let answers = [try Make.alias("host.example", "b.example"), try Make.alias("b.example", "host.example")]
        let answer = try conclude(Make.response(to: question, answers: answers))
        #expect(answer.content == .failed(.tooManyAliases))
    }

    @Test(arguments: [8, 9])
    mutating func `DN-13: eight aliases are followed and no more`(count: Int) throws {
        let names = ["host.example"] + (1...count).map { "a\($0).example" }
        let aliases = try zip(names, names.dropFirst()).map { try Make.alias($0, $1) }
        let address = try Make.address("a\(count).example", "192.0.2.1")
        let answer = try conclude(Make.response(to: question, answers: aliases + [address]))
        #expect(answer.content == (count <= 8 ? .records([address]) : .failed(.tooManyAliases)))
    }

    @Test mutating func `DN-13: a chain fed link by link ends too`() throws {
        var actions: [Resolver.Action] = []
        for number in 1...20 {
            let owner = number == 1 ? "host.example" : "a\(number - 1).example"
            let asked = try Make.question(owner, .a)
            let response = Make.response(to: asked, answers: [try Make.alias(owner, "a\(number).example")])
            actions = bench.end(number, .received(response))
            if case .answer = actions.first { break }
        }
        #expect(try Self.answer(in: actions).content == .failed(.tooManyAliases))
    }
}
