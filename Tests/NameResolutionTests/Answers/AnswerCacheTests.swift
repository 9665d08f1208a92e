import DNSMessages
import NameResolution
import Testing

@Suite("Answers kept")
struct AnswerCacheTests {
    private typealias Make = TestRecords

    private var cache = AnswerCache(capacity: 8)

    @Test mutating func `DN-14: an answer is kept for its lifetime, which runs down`() throws {
        let question = try Make.question("host.example", .a)
        let answer = Answer(
            to: question, .records([try Make.address("host.example", "192.0.2.1")]), lifetime: .seconds(60))
        cache.store(answer, at: .seconds(100))
        #expect(cache.answer(to: question, at: .seconds(130))?.lifetime == .seconds(30))
        #expect(cache.answer(to: question, at: .seconds(130))?.content == answer.content)
        #expect(cache.answer(to: try Make.question("host.example", .aaaa), at: .seconds(130)) == nil)
        #expect(cache.answer(to: question, at: .seconds(160)) == nil)
    }

    @Test mutating func `DN-14: that a name does not exist holds for every type, for its lifetime`() throws {
        let question = try Make.question("nowhere.example", .srv)
        cache.store(Answer(to: question, .nameDoesNotExist, lifetime: .seconds(30)), at: .zero)
        let other = try Make.question("nowhere.example", .aaaa)
        #expect(cache.answer(to: other, at: .seconds(29))?.content == .nameDoesNotExist)
        #expect(cache.answer(to: other, at: .seconds(29))?.question == other)
        #expect(cache.answer(to: other, at: .seconds(30)) == nil)
    }

    @Test mutating func `DN-13: an alias to nowhere exists itself`() throws {
        let question = try Make.question("alias.example", .a)
        let answer = Answer(
            to: question, .nameDoesNotExist, canonicalName: try Make.name("nowhere.example"), lifetime: .seconds(30))
        cache.store(answer, at: .zero)
        #expect(cache.answer(to: question, at: .zero)?.content == .nameDoesNotExist)
        #expect(cache.answer(to: try Make.question("alias.example", .srv), at: .zero) == nil)
    }

    @Test mutating func `DN-14: an answer without a lifetime is not kept`() throws {
        let question = try Make.question("host.example", .a)
        cache.store(Answer(to: question, .noRecords, lifetime: .zero), at: .zero)
        #expect(cache.count == 0)
    }

    @Test(arguments: [
        (LookupFailure.serverAnswered(.serverFailure), true), (.timedOut, true), (.bogus("expired"), true),
        (.overloaded, false), (.cancelled, false), (.unreachable("no route"), false),
    ])
    mutating func `DN-14: a failure is kept briefly, unless it is our own`(
        failure: LookupFailure, isKept: Bool
    ) throws {
        let question = try Make.question("host.example", .a)
        cache.store(Answer(to: question, .failed(failure), lifetime: .seconds(3600)), at: .zero)
        #expect((cache.answer(to: question, at: .seconds(29)) != nil) == isKept)
        #expect(cache.answer(to: question, at: .seconds(30)) == nil)
        #expect(AnswerCache.failureLifetime <= .seconds(300))
    }

    @Test mutating func `DO-06: the cache is bounded and keeps what is in use`() throws {
        let used = try Make.question("used.example", .a)
        cache.store(Answer(to: used, .noRecords, lifetime: .seconds(60)), at: .zero)
        for number in 0..<1000 {
            let question = try Make.question("n\(number).example", .a)
            cache.store(Answer(to: question, .noRecords, lifetime: .seconds(60)), at: .zero)
            #expect(cache.answer(to: used, at: .zero) != nil)
            #expect(cache.count <= 8)
        }
        cache.removeAll()
        #expect(cache.count == 0)
    }

    @Test mutating func `DO-06: the cache is bounded in memory as well as in number`() throws {
        cache = AnswerCache(capacity: 1_000_000, octets: 100_000)
        let large = [UInt8](repeating: 7, count: 1000)
        for number in 0..<1000 {
            let name = try Make.name("n\(number).example")
            let record = DNSRecord(owner: name, type: .txt, timeToLive: 60, octets: large)
            cache.store(Answer(to: DNSQuestion(name, .txt), .records([record]), lifetime: .seconds(60)), at: .zero)
            #expect((1000 * cache.count...100_000).contains(cache.octets))
        }
        #expect(cache.answer(to: try Make.question("n999.example", .txt), at: .zero) != nil)
        // One that alone is too large is not kept, and throws nothing out.
        let before = cache.count
        let name = try Make.name("huge.example")
        let records = (0..<100).map { _ in DNSRecord(owner: name, type: .txt, timeToLive: 60, octets: large) }
        cache.store(Answer(to: DNSQuestion(name, .txt), .records(records), lifetime: .seconds(60)), at: .zero)
        #expect(cache.count == before && cache.answer(to: DNSQuestion(name, .txt), at: .zero) == nil)
        cache.forget(below: try Make.name("example"))
        #expect(cache.count == 0 && cache.octets == 0)
    }

    @Test mutating func `EN-07: what is known below a name is forgotten, and aliases that led there`() throws {
        cache = AnswerCache(capacity: 100)
        for name in ["corp.test", "a.corp.test", "xcorp.test"] {
            cache.store(Answer(to: try Make.question(name, .a), .nameDoesNotExist, lifetime: .seconds(60)), at: .zero)
        }
        let alias = try Make.question("www.example", .a)
        let inside = try Make.address("b.corp.test", "10.0.0.1")
        cache.store(
            Answer(to: alias, .records([inside]), canonicalName: inside.owner, lifetime: .seconds(60)), at: .zero)
        cache.forget(below: try Make.name("corp.test"))
        #expect(cache.count == 1)
        #expect(cache.answer(to: try Make.question("xcorp.test", .a), at: .zero) != nil)
    }

    @Test mutating func `a kept answer keeps its proof and its source, and a failure does not take its place`() throws {
        let question = try Make.question("host.example", .a)
        let report = ValidationReport(status: .secure, reason: "signed by key 1 of example.")
        let source = AnswerSource(server: "tls://192.0.2.53", transport: .tls, isAuthenticated: true)
        let answer = Answer(
            to: question, .records([try Make.address("host.example", "192.0.2.1")]), lifetime: .seconds(60),
            report: report, source: source)
        cache.store(answer, at: .zero)
        cache.store(Answer(to: question, .failed(.bogus("expired"))), at: .seconds(1))
        #expect(cache.answer(to: question, at: .zero) == answer)
        #expect(cache.hit(for: question, at: .seconds(53))?.isDue == false)
        #expect(cache.hit(for: question, at: .seconds(54))?.isDue == true)
        // What was proved is not given after its time (DS-15).
        cache = AnswerCache(capacity: 8, staleLifetime: .seconds(3600))
        cache.store(answer, at: .zero)
        #expect(cache.staleAnswer(to: question, at: .seconds(61)) == nil)
    }
}
