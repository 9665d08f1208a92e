import HTTPExchange
import TestSupport
import Testing

/// Requests that a proxy before us may read otherwise, and such as try to hide something.
@Suite("the HTTP server and requests with two meanings", .timeLimit(.minutes(5)))
struct HTTPServerFramingTests {
    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: b\r\n\r\n"

    /// How the length of the content can be said so that readers differ; `hidden` is the content for some of them.
    @Test(arguments: [
        "Content-Length: 0\r\nContent-Length: 36", "Content-Length: 36\r\nContent-Length: 0", "Content-Length: 0, 36",
        "Content-Length: +36", "Content-Length: 0x24", "Content-Length: 36 ", "Content-Length : 36",
        "Content-Length: 18446744073709551652", "Content-Length: 00036", "Content-Length:\t36", "Content-Length: ",
        "Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding:\u{b}chunked", "Transfer-Encoding: ",
        "Transfer-Encoding: chunked\r\nContent-Length: 0", "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "X: y\rTransfer-Encoding: chunked", "X: y\nContent-Length: 36",
        "Content-Length\u{0}: 36", "Content-Length: 36\u{0}", "TRANSFER-ENCODING: CHUNKED",
    ])
    func `RFC 9112 6.3: what may be content is never a second request`(field: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            for version in ["1.1", "1.0"] {
                let client = try PlainHTTPClient(to: server.endpoint)
                try client.send(
                    "GET / HTTP/\(version)\r\nHost: a\r\nConnection: keep-alive\r\n\(field)\r\n\r\n\(Self.hidden)")
                // Ends a connection that is not to be closed.
                try? client.send("GARBAGE\r\n\r\n")
                let text = try client.rest()
                #expect(!text.contains("/hidden"), "\(version): \(text)")
            }
            #expect(try PlainHTTPClient.get("/", at: server.endpoint).status == 200)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: y\u{1}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    ])
    func `RFC 9112 2.2: what hides something in a line is not answered as if it did not`(text: String) async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send(text)
            try? client.send("GARBAGE\r\n\r\n")
            let answer = try client.rest()
            #expect(!answer.contains("GET / [\"a\"]"), "\(answer)")
        }
    }

    @Test func `nothing is continued or upgraded`() async throws {
        try await script {
            let server = try ServerUnderTest()
            let client = try PlainHTTPClient(to: server.endpoint)
            try client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
            let text = try client.rest()
            #expect(text.hasPrefix("HTTP/1.1 200") && !text.contains("100 Continue"), "\(text)")
            let other = try PlainHTTPClient(to: server.endpoint)
            try other.send(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
            #expect(try other.answer().status == 200)
        }
    }

    @Test func `who asks on and on and takes no answer loses the connection`() async throws {
        try await script {
            var limits = HTTPServerLimits()
            limits.requestTime = .milliseconds(300)
            limits.requestsPerConnection = 1_000_000
            let server = try ServerUnderTest(limits)
            let client = try PlainHTTPClient(to: server.endpoint)
            // A search that ends by itself between two answers that fill every buffer.
            try? client.send(
                String(
                    repeating: "GET /held HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 20)
            )
            #expect(eventually(within: .seconds(1)) { server.connections == 1 })
            #expect(eventually(within: .seconds(10)) { server.connections == 0 })
        }
    }
}
