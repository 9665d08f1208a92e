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
}
