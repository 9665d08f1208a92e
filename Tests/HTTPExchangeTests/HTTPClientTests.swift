import EventLoops
import HTTPExchange
import HTTPTestSupport
import Synchronization
import Testing

@Suite("HTTP requests")
struct HTTPClientTests {
    @Test func `a response comes with its status, fields and content`() async throws {
        let server = try server(
            ScriptedReply(
                203, fields: [("Content-Type", "Text/Plain; charset=utf-8"), ("Age", "250"), ("X-Empty", "")],
                body: Array("hello".utf8)))
        let response = try await Fetcher().fetch(request(.get, "https://web.example/a?b=c", at: server)).get()
        #expect(response.status == 203)
        #expect(response.body == Array("hello".utf8))
        #expect(response.mediaType == "text/plain")
        #expect(response.age == 250)
        #expect(response.value(of: "x-empty")?.isEmpty == true)
        #expect(response.isAuthenticated)
        #expect(response.version == "1.1")
        let asked = try #require(server.requests.first)
        #expect(asked.method == "GET")
        #expect(asked.target == "/a?b=c")
        #expect(asked.fields["host"] == "web.example")
        #expect(asked.serverName == "web.example")
    }

    @Test(arguments: [0, 1, 500, 20_000]) func `what is posted arrives`(count: Int) async throws {
        let server = try server()
        var request = try request(.post, at: server)
        request.body = [UInt8](repeating: 7, count: count)
        request.fields = [HTTPField("Content-Type", "application/octet-stream")]
        let response = try await Fetcher().fetch(request).get()
        #expect(response.status == 200)
        let asked = try #require(server.requests.first)
        #expect(asked.method == "POST")
        #expect(asked.body == request.body)
        #expect(asked.fields["content-type"] == "application/octet-stream")
        #expect(asked.fields["expect"] == nil)
    }

    @Test func `one connection carries request after request`() async throws {
        let server = try server()
        let fetcher = try Fetcher()
        let first = try await fetcher.fetch(request(at: server)).get()
        #expect(!first.usedKeptConnection)
        for _ in 0..<10 { #expect(try await fetcher.fetch(request(at: server)).get().usedKeptConnection) }
        #expect(server.connections == 1)
    }

    @Test func `a kept connection that the server has closed is replaced`() async throws {
        let server = try server(ScriptedReply(body: [1]))
        let fetcher = try Fetcher()
        server.follow { _ in
            var reply = ScriptedReply(body: [1])
            reply.closes = true
            return reply
        }
        for _ in 0..<3 { #expect(try await fetcher.fetch(request(at: server)).get().body == [1]) }
        #expect(server.connections == 3)
    }

    @Test func `a cookie is not returned`() async throws {
        let server = try server(ScriptedReply(fields: [("Set-Cookie", "a=b; Secure; Path=/")]))
        let fetcher = try Fetcher()
        for _ in 0..<2 { _ = try await fetcher.fetch(request(at: server)).get() }
        #expect(server.requests.count == 2)
        #expect(server.requests.allSatisfy { $0.fields["cookie"] == nil })
    }

    @Test func `a redirection is told and not followed, and its target never sees the credential`() async throws {
        let elsewhere = try server()
        let target = "https://web.example:\(elsewhere.address.port)/there"
        let server = try server(ScriptedReply(302, fields: [("Location", target)]))
        let credential = HTTPCredential.basic(username: "ligase", password: "secret")
        let response = try await Fetcher().fetch(request(at: server, credential: credential)).get()
        #expect(response.status == 302)
        #expect(response.location == target)
        #expect(elsewhere.connections == 0)
    }

    @Test func `the address that is dialled has nothing to do with the name`() async throws {
        let server = try server()
        // Nobody listens at the port that the URL names.
        let response = try await Fetcher().fetch(request(.get, "https://web.example:1/", at: server))
        #expect(try response.get().status == 200)
        #expect(server.requests.first?.fields["host"] == "web.example:1")
    }

    @Test func `the second address is dialled when the first refuses`() async throws {
        let server = try server()
        var request = try request(at: server)
        let absent = try SocketAddress(host: "127.0.0.3", port: server.address.port)
        request.addresses = [absent, .loopbackIPv6(port: server.address.port), server.address]
        #expect(try await Fetcher().fetch(request).get().status == 200)
    }

    @Test func `a name without an address is not looked up`() async throws {
        var request = try request(at: server())
        request.addresses = []
        #expect(try await Fetcher().fetch(request).failure == .badRequest("no address of web.example is given"))
    }

    @Test(arguments: [
        HTTPField("X", "a\r\nAuthorization: Basic eA=="), HTTPField("X\r\nY", "a"), HTTPField("X", "a\nb"),
        HTTPField("X:", "a"), HTTPField("", "a"), HTTPField("X", "\u{0}"),
    ])
    func `a field that would end the header is not sent`(field: HTTPField) async throws {
        let server = try server()
        var request = try request(at: server)
        request.fields = [field]
        #expect(try await Fetcher().fetch(request).failureKind == "badRequest")
        #expect(server.connections == 0)
    }

    @Test func `nobody listens`() async throws {
        let server = try server()
        let request = try request(at: server)
        server.stop()
        let failure = try await Fetcher().fetch(request).failure
        #expect(failure == .unreachable("connect: Connection refused"))
    }

    @Test func `content over the limit is refused, announced or not`() async throws {
        let body = [UInt8](repeating: 1, count: 1001)
        let announced = try server(ScriptedReply(body: body))
        var unannounced = ScriptedReply()
        unannounced.raw = Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8) + body
        unannounced.closes = true
        for reply in [ScriptedReply(body: body), unannounced] {
            announced.follow { _ in reply }
            var request = try request(at: announced)
            request.responseLimit = 1000
            #expect(try await Fetcher().fetch(request).failure == .tooLarge(limit: 1000))
            request.responseLimit = 1001
            #expect(try await Fetcher().fetch(request).get().body == body)
        }
    }

    @Test(arguments: [200, 404, 302])
    func `a lengthy error is cut off where its status is enough`(status: Int) async throws {
        let body = [UInt8](repeating: 1, count: 100_000)
        let server = try server(ScriptedReply(status, fields: [("Location", "/x")], body: body))
        var request = try request(at: server)
        request.responseLimit = 1000
        request.cutsOffErrors = true
        let outcome = try await Fetcher().fetch(request)
        guard status != 200 else {
            #expect(outcome.failure == .tooLarge(limit: 1000))
            return
        }
        let response = try outcome.get()
        #expect(response.status == status && response.value(of: "location") == "/x")
        #expect(response.body.count <= 1000)
    }

    @Test func `a header without end is refused`() async throws {
        let field = ("X-Long", String(repeating: "x", count: 1000))
        let server = try server(ScriptedReply(fields: Array(repeating: field, count: 40)))
        #expect(try await Fetcher().fetch(request(at: server)).failureKind == "tooLarge")
    }

    @Test func `a connection that closes in the middle of the content leaves no response`() async throws {
        var reply = ScriptedReply(body: [1, 2, 3])
        reply.claimedLength = 10
        reply.closes = true
        let server = try server(reply)
        #expect(try await Fetcher().fetch(request(at: server)).failureKind == "brokenOff")
    }

    @Test(arguments: ["garbage\r\n\r\n", "SSH-2.0-x\r\n", ""]) func `what is not HTTP leaves no response`(
        text: String
    ) async throws {
        var reply = ScriptedReply()
        reply.raw = Array(text.utf8)
        reply.closes = true
        let server = try server(reply)
        #expect(try await Fetcher().fetch(request(at: server)).failureKind == "brokenOff")
    }

    @Test func `trailers and interim responses add no fields`() async throws {
        var reply = ScriptedReply()
        let text =
            "HTTP/1.1 103 Early Hints\r\nAge: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhi\r\n0\r\nAge: 99\r\nLocation: https://evil.example/\r\n\r\n"
        reply.raw = Array(text.utf8)
        let server = try server(reply)
        let response = try await Fetcher().fetch(request(at: server)).get()
        #expect(response.status == 200)
        #expect(response.body == Array("hi".utf8))
        #expect(response.age == 0)
        #expect(response.location == nil)
    }

    @Test(arguments: [false, true]) func `the time limit ends a request that is not answered`(startsAnswer: Bool)
        async throws
    {
        var reply = ScriptedReply(body: [1])
        reply.claimedLength = 2
        reply.isSilent = !startsAnswer
        let server = try server(reply)
        var request = try request(at: server)
        request.timeLimit = .milliseconds(300)
        #expect(try await Fetcher().fetch(request).failure == .timedOut)
    }

    @Test func `a request that was cancelled is not answered, and the next one is`() async throws {
        let server = try server()
        let fetcher = try Fetcher()
        let called = Atomic(0)
        let request = try request(at: server)
        fetcher.run { client in
            let handle = client.perform(request) { _ in called.add(1, ordering: .relaxed) }
            handle.cancel()
            handle.cancel()
        }
        #expect(try await fetcher.fetch(request).get().status == 200)
        #expect(called.load(ordering: .relaxed) == 0)
        #expect(fetcher.run { $0.requestsUnderWay } == 0)
    }

    @Test func `shutting down ends what is under way, and nothing is begun after it`() async throws {
        var reply = ScriptedReply()
        reply.isSilent = true
        let server = try server(reply)
        let fetcher = try Fetcher()
        let request = try request(at: server)
        async let waiting = fetcher.fetch(request)
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        let watched = fetcher.loop.run { fetcher.loop.watchedDescriptors }
        #expect(watched == 1)
        fetcher.run { $0.shutDown() }
        #expect(await waiting.failure == .cancelled)
        #expect(fetcher.loop.run { fetcher.loop.watchedDescriptors } == 0)
        #expect(await fetcher.fetch(request).failure == .cancelled)
    }

    @Test func `a completion may shut the client down, or ask again`() async throws {
        let server = try server()
        let fetcher = try Fetcher()
        let request = try request(at: server)
        let outcome = await withCheckedContinuation { continuation in
            fetcher.run { client in
                client.perform(request) { _ in
                    client.perform(request) { second in
                        client.shutDown()
                        continuation.resume(returning: second)
                    }
                }
            }
        }
        #expect(try outcome.get().status == 200)
        #expect(server.requests.count == 2)
    }

    @Test func `a client that was not shut down leaves no descriptor`() async throws {
        let server = try server()
        let loop = try EventLoop(name: "forgetful")
        defer { loop.stop() }
        let request = try request(at: server)
        await withCheckedContinuation { continuation in
            loop.execute {
                let client = HTTPClient(on: loop)
                client.perform(request) { _ in
                    withExtendedLifetime(client) { continuation.resume() }
                }
            }
        }
        #expect(loop.run { loop.watchedDescriptors } == 0)
    }

    @Test func `more requests than allowed fail at once`() async throws {
        var reply = ScriptedReply()
        reply.isSilent = true
        let server = try server(reply)
        let fetcher = try Fetcher(limits: HTTPClientLimits(requests: 2))
        let request = try request(at: server)
        fetcher.run { client in for _ in 0..<2 { client.perform(request) { _ in } } }
        #expect(await fetcher.fetch(request).failureKind == "badRequest")
    }
}
