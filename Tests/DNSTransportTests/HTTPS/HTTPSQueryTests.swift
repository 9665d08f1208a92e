import DNSMessages
import DNSTransport
import EventLoops
import HTTPTestSupport
import NameResolution
import Testing
import TransportSecurity

@Suite("RFC 8484 DNS over HTTPS")
struct HTTPSQueryTests {
    /// The status that a lookup failed by; nil for any other outcome.
    private func refusal(_ answer: Answer) -> Int? {
        guard case .failed(.refusedByHTTP(let status)) = answer.content else { return nil }
        return status
    }

    @Test(arguments: [HTTPSServerSettings.Method.get, .post])
    func `DH-01: a question travels by GET or by POST`(method: HTTPSServerSettings.Method) async throws {
        let server = try nameServer()
        let asker = try HTTPSAsker([endpoint(server, path: "/dns-query{?dns}", method: method)])
        let answer = try await asker.resolve()
        #expect(answer.records.count == 1)
        #expect(answer.source?.transport == .https)
        #expect(answer.source?.isAuthenticated == true)
        let asked = try #require(server.requests.first)
        #expect(asked.method == method.rawValue)
        #expect(asked.fields["accept"] == DNSOverHTTP.mediaType)
        #expect(asked.fields["content-type"] == (method == .post ? DNSOverHTTP.mediaType : nil))
        #expect(asked.target.hasPrefix(method == .post ? "/dns-query" : "/dns-query?dns="))
        #expect(!asked.target.contains("=") || method == .get)
        #expect(asked.fields["cookie"] == nil)
        #expect(asked.fields["user-agent"] == nil)
    }

    @Test(arguments: [HTTPSServerSettings.Method.get, .post])
    func `DH-02, DT-06: the identifier is zero, and the question is padded to 128 octets`(
        method: HTTPSServerSettings.Method
    ) async throws {
        let server = try nameServer()
        let asker = try HTTPSAsker([endpoint(server, method: method)])
        _ = try await asker.resolve("www.example")
        _ = try await asker.resolve(String(repeating: "long-label.", count: 12) + "example")
        let messages = server.requests.compactMap { DNSOverHTTP.message(of: $0) }
        #expect(messages.map { Array($0.prefix(2)) } == [[0, 0], [0, 0]])
        #expect(messages.map(\.count) == [128, 256])
        #expect(server.requests.compactMap { DNSOverHTTP.query(of: $0)?.isPadded } == [true, true])
    }

    @Test func `DT-03: questions share a connection`() async throws {
        let server = try nameServer()
        let asker = try HTTPSAsker([endpoint(server)])
        for number in 0..<50 { #expect(try await asker.resolve("n\(number).example").failure == nil) }
        #expect(server.connections == 1)
        #expect(server.requests.count == 50)
    }

    @Test func `many questions at once are all answered`() async throws {
        let server = try nameServer()
        let answers = try await HTTPSAsker([endpoint(server)]).resolveSeveral(60)
        #expect(answers.allSatisfy { $0.failure == nil })
        // HTTP/1.1 carries one at a time; the number of connections is bounded all the same.
        #expect(server.connections <= 2)
    }

    @Test func `DT-03: a connection that the server closes behind each answer is replaced`() async throws {
        let server = try nameServer { request in
            var reply = DNSOverHTTP.answer(request)
            reply.closes = true
            return reply
        }
        let asker = try HTTPSAsker([endpoint(server)])
        for number in 0..<5 { #expect(try await asker.resolve("n\(number).example").failure == nil) }
    }

    @Test(arguments: [200, 201, 299])
    func `DH-04: success carries an answer, whatever its code`(status: Int) async throws {
        let server = try nameServer { DNSOverHTTP.answer($0, status: status, code: .nameError) }
        let asker = try HTTPSAsker([endpoint(server)])
        #expect(try await asker.resolve().content == .nameDoesNotExist)
        server.follow { DNSOverHTTP.answer($0, status: status, code: .serverFailure) }
        #expect(try await asker.resolve("other.example").content == .failed(.serverAnswered(.serverFailure)))
    }

    @Test(arguments: [300, 301, 302, 307, 400, 401, 403, 404, 406, 415, 429, 500, 503])
    func `DH-04: another status is no answer, and the next server is asked`(status: Int) async throws {
        // The content would be an answer.
        let first = try nameServer { DNSOverHTTP.answer($0, status: status) }
        let alone = try await HTTPSAsker([endpoint(first)]).resolve()
        #expect(refusal(alone) == status)
        let second = try nameServer()
        let answer = try await HTTPSAsker([endpoint(first), endpoint(second)]).resolve()
        #expect(answer.failure == nil)
        #expect(second.requests.count == 1)
    }

    @Test(arguments: [[("Content-Type", "text/html")], [], [("Content-Type", "application/dns-json")]])
    func `DH-04: another type of content is no answer`(fields: [(String, String)]) async throws {
        let server = try nameServer { DNSOverHTTP.answer($0, fields: fields) }
        let failure = try await HTTPSAsker([endpoint(server)]).resolve().failure
        #expect(failure == .wrongMediaType(fields.first?.1), "\(String(describing: failure))")
    }

    @Test(arguments: [("250", 350), ("0", 600), ("600", 0), ("99999999999999999999", 0), ("-1", 600), ("x", 600)])
    func `DH-05: the time in caches on the way counts`(age: String, left: Int) async throws {
        let server = try nameServer {
            DNSOverHTTP.answer($0, fields: [("Content-Type", DNSOverHTTP.mediaType), ("Age", age)])
        }
        let asker = try HTTPSAsker([endpoint(server)])
        let answer = try await asker.resolve()
        #expect(answer.records.count == 1)
        #expect(answer.lifetime == .seconds(left))
        // What has no time left is used once and not kept.
        _ = try await asker.resolve()
        #expect(server.requests.count == (left == 0 ? 2 : 1))
    }

    @Test func `DH-06: a redirection to another origin is a failure, and nobody is asked there`() async throws {
        let other = try nameServer()
        let port = other.address.port
        let server = try nameServer { _ in
            ScriptedReply(302, fields: [("Location", "https://dns.example:\(port)/dns-query")])
        }
        let answer = try await HTTPSAsker([endpoint(server)]).resolve()
        #expect(refusal(answer) == 302)
        #expect(other.connections == 0)
    }

    @Test func `DH-06: a cookie is not returned`() async throws {
        let server = try nameServer {
            DNSOverHTTP.answer($0, fields: [("Content-Type", DNSOverHTTP.mediaType), ("Set-Cookie", "id=1; Path=/")])
        }
        let asker = try HTTPSAsker([endpoint(server)])
        for name in ["a.example", "b.example"] { _ = try await asker.resolve(name) }
        #expect(server.requests.count == 2)
        #expect(server.requests.allSatisfy { $0.fields["cookie"] == nil })
    }

    @Test func `DH-07: an answer of 40 KiB is read`() async throws {
        let server = try nameServer { DNSOverHTTP.answer($0, texts: 360) }
        let answer = try await HTTPSAsker([endpoint(server)]).resolve("www.example", .txt)
        #expect(answer.records.count == 360)
    }

    @Test func `DH-07: a length before the message is no part of it`() async throws {
        let server = try nameServer { request in
            var reply = DNSOverHTTP.answer(request)
            reply.body = [UInt8(reply.body.count >> 8), UInt8(reply.body.count & 0xFF)] + reply.body
            return reply
        }
        #expect(try await HTTPSAsker([endpoint(server)]).resolve().failure != nil)
    }

    @Test(arguments: [65536, 1 << 20]) func `DH-07: more than a message can be is not read`(count: Int) async throws {
        let server = try nameServer { request in
            var reply = DNSOverHTTP.answer(request)
            reply.body += [UInt8](repeating: 0, count: count - reply.body.count)
            return reply
        }
        #expect(try await HTTPSAsker([endpoint(server)]).resolve().failure != nil)
    }

    @Test func `an answer to another question, or with another identifier, is none`() async throws {
        let server = try nameServer { request in
            var reply = DNSOverHTTP.answer(request)
            reply.body[1] = 1
            return reply
        }
        #expect(try await HTTPSAsker([endpoint(server)]).resolve().failure != nil)
        server.follow { request in
            guard let name = try? DNSName("other.example") else { return ScriptedReply(500) }
            let other = DNSQuery(identifier: 0, question: DNSQuestion(name, .a))
            let body = try? DNSResponse(to: other).encode()
            return ScriptedReply(200, fields: [("Content-Type", DNSOverHTTP.mediaType)], body: body ?? [])
        }
        #expect(try await HTTPSAsker([endpoint(server)]).resolve().failure != nil)
    }

    @Test func `a server that goes silent is given up, and asked on a new connection`() async throws {
        let server = try nameServer()
        let limits = LookupLimits(tryTimeout: .milliseconds(200), rounds: 3, overall: .seconds(20))
        let asker = try HTTPSAsker([endpoint(server)], limits: limits)
        #expect(try await asker.resolve("before.example").failure == nil)
        server.follow { request in
            var reply = DNSOverHTTP.answer(request)
            reply.isSilent = request.connection == 1
            return reply
        }
        // A lookup or two may fail until the conclusion is drawn.
        var answer = try await asker.resolve("after.example")
        for _ in 0..<10 where answer.failure != nil { answer = try await asker.resolve("after.example") }
        #expect(answer.failure == nil)
        #expect(server.connections > 1)
    }
}
