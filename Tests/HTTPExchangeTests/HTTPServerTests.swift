import HTTPExchange
import TestSupport
import Testing

/// Over loopback, with a client that keeps no rule.
@Suite("the HTTP server", .timeLimit(.minutes(5)))
struct HTTPServerTests {
    private static func limits(_ change: (inout HTTPServerLimits) -> Void) -> HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.requestTime = .seconds(8)
        change(&limits)
        return limits
    }

    @Test(arguments: ["/now", "/later"])
    func `requests on one connection are answered in order, also those sent ahead`(path: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send("GET \(path) HTTP/1.1\r\nHost: a.example\r\n\r\n")
            #expect(try client.answer().body == "GET \(path) [\"a.example\"] false\n")
            let ahead = (0..<5).map {
                "GET /\($0)?query HTTP/1.1\r\nHost: b.example\r\n\r\nHEAD \(path) HTTP/1.1\r\nhost: c\r\n\r\n"
            }
            try client.send(ahead.joined())
            for number in 0..<5 {
                #expect(try client.answer().body == "GET /\(number) [\"b.example\"] false\n")
                let head = try client.answer(hasContent: false)
                #expect(head.status == 200 && head.body.isEmpty && head.fields["content-length"] != "0")
            }
            #expect(server.connections == 1)
        }
    }

    @Test func `HTTP/1.0 needs no Host and keeps no connection`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send("GET /old HTTP/1.0\r\n\r\n")
            let text = try client.rest()
            #expect(text.contains(" 200 ") && text.hasSuffix("GET /old [] false\n"), "\(text)")
        }
    }

    @Test func `a field that could begin another is left out`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let answer = try PlainHTTPClient.get("/", at: server.endpoint)
            #expect(answer.fields["x-test"] == "yes" && answer.fields["x-evil"] == nil)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\r\n\r\n",
    ])
    func `what is no request ends the connection`(text: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send(text)
            let answer = try client.rest()
            #expect(!answer.contains(" 200 "), "\(answer)")
            #expect(try PlainHTTPClient.get("/", at: server.endpoint).status == 200)
        }
    }

    @Test(arguments: ["Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"])
    func `content is told to the decider, not read, and no second request`(content: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            for method in ["GET", "POST", "PUT", "BREW"] {
                let client = try PlainHTTPClient(to: server.endpoint)
                try client.send("\(method) / HTTP/1.1\r\nHost: a\r\n\(content)GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
                let text = try client.rest()
                #expect(text.contains("\(method) / [\"a\"] true\n") && !text.contains("/next"), "\(text)")
            }
        }
    }

    @Test func `content that never comes is not waited for`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
            #expect(try client.answer(within: .seconds(3)).status == 200)
        }
    }

    @Test(arguments: [
        "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n"
            + String(repeating: "X-Much: \(String(repeating: "y", count: 100))\r\n", count: 200) + "\r\n",
    ])
    func `a header over the limit is refused`(text: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            // The server may close before all of it is sent.
            try? client.send(text)
            let answer = try client.rest()
            #expect(!answer.contains(" 200 "), "\(answer)")
        }
    }

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHo"])
    func `who does not finish a request loses the connection`(text: String) async throws {
        try await script {
            let server = try ServerUnderTest(Self.limits { $0.requestTime = .milliseconds(300) })
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send(text)
            // A byte now and then buys no time.
            _ = try? client.send("x")
            try client.rest(within: .seconds(5))
            #expect(eventually(within: .seconds(5)) { server.connections == 0 })
        }
    }

    @Test func `who does not take the answer loses the connection`() async throws {
        try await script {
            let server = try ServerUnderTest(Self.limits { $0.requestTime = .milliseconds(500) })
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually(within: .seconds(1)) { server.connections == 1 })
            #expect(eventually(within: .seconds(5)) { server.connections == 0 })
        }
    }

    @Test func `an answer that is not found in time is a 503`() async throws {
        try await script {
            let server = try ServerUnderTest(Self.limits { $0.requestTime = .seconds(5) })
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().status == 503)
            // What comes too late is for nobody.
            _ = wait { await server.gate.open() }
            #expect(try PlainHTTPClient.get("/held", at: server.endpoint).status == 200)
        }
    }

    @Test func `a client that leaves while it waits is forgotten`() async throws {
        try await script {
            let server = try ServerUnderTest(Self.limits { $0.requestTime = .milliseconds(500) })
            for _ in 0..<20 {
                let client = try PlainHTTPClient(to: server.endpoint)
                try client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            #expect(eventually(within: .seconds(5)) { server.connections == 0 })
            #expect(try PlainHTTPClient.get("/", at: server.endpoint).status == 200)
        }
    }

    @Test func `connections are limited for each address, and end after so many requests`() async throws {
        try await script {
            let server = try ServerUnderTest(
                Self.limits {
                    $0.connectionsPerAddress = 3
                    $0.requestsPerConnection = 2
                })
            var clients = try (0..<3).map { _ in try PlainHTTPClient(to: server.endpoint) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.answer().fields["connection"] == nil)
            }
            #expect(throws: HarnessFailure.self) { try PlainHTTPClient.get("/", at: server.endpoint) }
            try clients[0].send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /third HTTP/1.1\r\nHost: a\r\n\r\n")
            let last = try clients[0].rest()
            #expect(last.lowercased().contains("connection: close") && !last.contains("/third"))
            clients = []
            #expect(eventually(within: .seconds(5)) { server.connections == 0 })
            #expect(try PlainHTTPClient.get("/", at: server.endpoint).status == 200)
        }
    }

    @Test func `connections are limited in total`() async throws {
        try await script {
            let server = try ServerUnderTest(Self.limits { $0.connections = 5 })
            let clients = try (0..<5).map { _ in try PlainHTTPClient(to: server.endpoint) }
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
            for client in clients { #expect(try client.answer().status == 200) }
            #expect(throws: HarnessFailure.self) { try PlainHTTPClient.get("/", at: server.endpoint) }
            #expect(server.connections == 5)
        }
    }

    @Test func `many at once are all served`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let clients = try (0..<100).map { _ in try PlainHTTPClient(to: server.endpoint) }
            for (index, client) in clients.enumerated() {
                try client.send("GET /\(index % 2 == 0 ? "later" : "now") HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            for client in clients { #expect(try client.answer().status == 200) }
        }
    }

    @Test func `a unix socket is served like another, without addresses`() async throws {
        try await script {
            let directory = try TemporaryDirectory(named: "http")
            let path = directory.path(of: "http.sock")
            let limits = Self.limits {
                $0.connectionsPerAddress = 1
                $0.requestTime = .seconds(60)
            }
            let server = try ServerUnderTest(limits, unixSocket: path)
            let clients = try (0..<3).map { _ in PlainHTTPClient(over: try ByteConnection(toUnixSocket: path)) }
            for client in clients {
                try client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            #expect(server.connections == 3)
        }
    }

    @Test func `stopping closes what listens, what waits and what is idle`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let idle = try PlainHTTPClient(to: server.endpoint)
            let waiting = try PlainHTTPClient(to: server.endpoint)
            try waiting.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually(within: .seconds(5)) { server.connections == 2 })
            server.stop()
            try idle.rest()
            try waiting.rest()
            #expect(eventually(within: .seconds(5)) { !server.endpoint.accepts })
            _ = wait { await server.gate.open() }
            server.stop()
        }
    }
}
