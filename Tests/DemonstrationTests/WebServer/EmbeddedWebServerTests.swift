import Glibc
import Synchronization
import Testing
import TransportSecurity

@testable import Demonstration

@Suite("The embedded web server")
struct EmbeddedWebServerTests {
    @Test(
        arguments: [
            ("GET /a HTTP/1.1\r\nHost: A.example:8443\r\n\r\n", "GET", "/a", "a.example"),
            ("GET /a?b HTTP/1.1\r\nAccept: */*\r\nhost:a.example\r\n\r\n more", "GET", "/a?b", "a.example"),
            ("HEAD / HTTP/1.1\r\n\r\n", "HEAD", "/", nil),
            ("\r\n\r\n", "?", "/", nil),
            ("GET /a\r\n\r\n", "?", "/", nil),
            ("GET  /a  b HTTP/1.1\r\n\r\n", "?", "/", nil),
        ] as [(String, String, String, String?)])
    func `a head that is complete is read, whatever it holds`(
        text: String, method: String, path: String, host: String?
    ) throws {
        let head = try #require(WebRequestHead(Array(text.utf8)))
        #expect(head.method == method && head.path == path && head.host == host)
    }

    @Test func `a head that is not complete is waited for`() {
        let octets = Array("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n".utf8)
        for length in octets.indices { #expect(WebRequestHead(Array(octets[..<length])) == nil) }
    }

    @Test(
        arguments: [
            ("GET", "/a", "a.example", "200 OK"), ("GET", "/b", "a.example", "404 Not Found"),
            ("GET", "/a", "b.example", "404 Not Found"), ("GET", "/a", nil, "200 OK"),
            ("POST", "/a", "a.example", "405 Method Not Allowed"), ("?", "/", nil, "405 Method Not Allowed"),
        ] as [(String, String, String?, String)])
    func `a document is at its host and path alone`(
        method: String, path: String, host: String?, status: String
    ) throws {
        let visits = Mutex<[EmbeddedWebServer.Visit]>([])
        let now = Int64(time(nil))
        let authority = try CertificateAuthority.root(
            CertificateTemplate(commonName: "Root", notBefore: now - 60, notAfter: now + 60, isAuthority: true))
        let issued = try authority.issue(
            CertificateTemplate(commonName: "a.example", notBefore: now - 60, notAfter: now + 60))
        let server = try EmbeddedWebServer(identities: ["a.example": try issued.identity()]) { visit in
            visits.withLock { $0.append(visit) }
        }
        defer { server.stop() }
        server.publish(.init(mediaType: "application/json", content: "{}"), at: "/a", of: "a.example")

        var head = try #require(WebRequestHead(Array("\(method) \(path) HTTP/1.1\r\n\r\n".utf8)))
        head.authority = host.map { "\($0):8443" }
        let reply = String(decoding: server.reply(to: head, serverName: "a.example"), as: UTF8.self)
        #expect(reply.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(reply.contains("Connection: close\r\n"))
        #expect(reply.hasSuffix(status == "200 OK" ? "Content-Length: 2\r\nConnection: close\r\n\r\n{}" : "\r\n\r\n"))
        #expect(visits.withLock { $0.map(\.status) } == [Int(status.prefix(3))])
        #expect(visits.withLock { $0.map(\.url) } == ["https://\(host.map { "\($0):8443" } ?? "a.example")\(path)"])
    }

    @Test func `without a certificate there is no server`() {
        #expect(throws: WebServerFailure.self) { try EmbeddedWebServer(identities: [:]) { _ in } }
    }
}
