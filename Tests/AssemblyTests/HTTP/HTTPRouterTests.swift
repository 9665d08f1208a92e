import Administration
import HTTPExchange
import Prooftypes
import Testing
import XMPPModel

@testable import Assembly

@Suite("what a request on the HTTP listener asks for")
struct HTTPRouterTests {
    private static let rfc7711 = "/.well-known/posh/xmpp-server.json"
    private static let draft = "/.well-known/posh._xmpp-server._tcp.json"

    private static func outcome(
        _ target: String, _ fields: [HTTPField] = [HTTPField("Host", "a.example")], method: String = "GET",
        isBeforeHTTP11: Bool = false, hasContent: Bool = false
    ) -> HTTPRouter.Outcome {
        HTTPRouter.outcome(
            of: HTTPServerRequest(
                method: method, target: target, fields: fields, isBeforeHTTP11: isBeforeHTTP11, hasContent: hasContent))
    }

    private static func status(_ outcome: HTTPRouter.Outcome) -> Int? {
        guard case .refused(let response) = outcome else { return nil }
        return response.status
    }

    @Test(arguments: [
        "a.example", "A.Example", "a.example.", "a.example:443", "a.example.:5280", "a.example:",
    ])
    func `PO-23: the document is that of the host, however it is written`(host: String) throws {
        let domain = try DomainName("a.example")
        let field = [HTTPField("host", host)]
        #expect(Self.outcome(Self.rfc7711, field) == .resource(.document(domain, .rfc7711)))
        #expect(Self.outcome(Self.draft, field, method: "HEAD") == .resource(.document(domain, .draft)))
    }

    @Test(arguments: ["xn--bcher-kva.example", "bücher.example", "BÜCHER.example:8080"])
    func `PO-23: an internationalised host is found by its A-labels and its U-labels`(host: String) throws {
        let domain = try DomainName("bücher.example")
        #expect(Self.outcome(Self.rfc7711, [HTTPField("Host", host)]) == .resource(.document(domain, .rfc7711)))
    }

    @Test(arguments: [
        "", " ", "a.example:x", "a.example:123456", "a.example, b.example", "user@a.example", "a.example/b",
        "[::1", "a.example b", "a.example\u{0}", "[::1]x", "\u{FFFD}@a", "a.example#", "a\\b",
    ])
    func `PO-23: what is no host is a bad request`(host: String) {
        #expect(Self.status(Self.outcome(Self.rfc7711, [HTTPField("Host", host)])) == 400)
    }

    @Test(arguments: ["-a.example", "a..example", "\u{FFFD}.example", String(repeating: "a", count: 64)])
    func `PO-23: a host that can be no domain is not found`(host: String) {
        #expect(Self.status(Self.outcome(Self.rfc7711, [HTTPField("Host", host)])) == 404)
    }

    @Test func `an address is a host like any other`() throws {
        let field = [HTTPField("Host", "[2001:db8::1]:5280")]
        #expect(Self.outcome("/healthz", field) == .resource(.health))
        let expected = try DomainName("[2001:db8::1]")
        #expect(Self.outcome(Self.rfc7711, field) == .resource(.document(expected, .rfc7711)))
    }

    @Test func `PO-23: what others add on the way does not say whose document is meant`() throws {
        let fields = [
            HTTPField("X-Forwarded-Host", "b.example"), HTTPField("Host", "a.example"),
            HTTPField("Forwarded", "host=b.example"),
        ]
        #expect(Self.outcome(Self.rfc7711, fields) == .resource(.document(try DomainName("a.example"), .rfc7711)))
    }

    @Test func `two hosts, or none, are a bad request`() {
        for fields in [[], [HTTPField("Host", "a.example"), HTTPField("HOST", "a.example")]] {
            #expect(Self.status(Self.outcome("/", fields)) == 400)
        }
        #expect(Self.outcome("/healthz", [], isBeforeHTTP11: true) == .resource(.health))
        #expect(Self.status(Self.outcome(Self.rfc7711, [], isBeforeHTTP11: true)) == 400)
    }

    @Test(arguments: ["http://a.example", "HTTPS://A.EXAMPLE:443"])
    func `RFC 9112 3.2.2: a whole URL says the host, whatever Host says`(origin: String) throws {
        let fields = [HTTPField("Host", "b.example")]
        #expect(
            Self.outcome(origin + Self.rfc7711, fields) == .resource(.document(try DomainName("a.example"), .rfc7711)))
        #expect(Self.outcome(origin, fields) == .resource(.statusPage))
        #expect(Self.status(Self.outcome("http://" + Self.rfc7711, fields)) == 400)
        #expect(Self.status(Self.outcome("ftp://a.example" + Self.rfc7711, fields)) == 400)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", "BREW", ""])
    func `other methods are told which are allowed`(method: String) {
        guard case .refused(let response) = Self.outcome("/", method: method) else {
            Issue.record("not refused")
            return
        }
        #expect(response.status == 405 && response.fields.contains(HTTPField("Allow", "GET, HEAD")))
    }

    @Test func `content is refused`() {
        #expect(Self.status(Self.outcome("/", hasContent: true)) == 413)
        #expect(Self.status(Self.outcome("/", method: "POST", hasContent: true)) == 405)
    }

    @Test(arguments: [
        "/metrics/", "/Metrics", "//", "/.well-known/posh/xmpp-client.json", "/.well-known/posh/",
        "/.well-known/posh%2Fxmpp-server.json", "/../metrics", "/.well-known/posh/xmpp-server.json/",
    ])
    func `anything else is not found`(path: String) {
        #expect(Self.status(Self.outcome(path)) == 404)
    }

    @Test(arguments: ["", "*", "metrics", "\u{0}", "a.example:443"])
    func `what is no target is a bad request`(target: String) {
        #expect(Self.status(Self.outcome(target)) == 400)
    }

    @Test func `refusals list nothing, and nothing may be made of them`() {
        for response in [HTTPPages.notFound, HTTPPages.methodNotAllowed, HTTPPages.contentRefused] {
            #expect(!String(decoding: response.body, as: UTF8.self).contains("example"))
            for name in ["X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"] {
                #expect(response.fields.contains { $0.name == name })
            }
        }
    }
}

@Suite("whether a daemon is ready")
struct ReadinessTests {
    private static let listeners = [
        StatusReply.Listener(name: "s2s", address: "[::]:5269"), StatusReply.Listener(name: "http", address: "x"),
    ]

    private static func names(_ names: String...) throws -> Set<DomainName> {
        Set(try names.map { try DomainName($0) })
    }

    @Test func `it is when every listener is up and every backend is connected`() throws {
        let domains = try Self.names("a.example", "b.example")
        let ready = Readiness(state: .serving, listeners: Self.listeners, waitingFor: domains, connected: domains)
        #expect(ready.isReady && HTTPPages.readiness(ready).status == 200)
    }

    @Test func `what is missing is named`() throws {
        var listeners = Self.listeners
        listeners[0].up = false
        let readiness = Readiness(
            state: .draining, listeners: listeners, waitingFor: try Self.names("a.example", "b.example"),
            connected: try Self.names("b.example", "gone.example"))
        let response = HTTPPages.readiness(readiness)
        #expect(response.status == 503)
        #expect(
            String(decoding: response.body, as: UTF8.self) == """
                the daemon is draining
                the listener s2s [::]:5269 is down
                nothing is connected for a.example

                """)
    }

    @Test func `where listeners are enough backends do not count`() {
        #expect(Readiness(state: .serving, listeners: Self.listeners, waitingFor: nil, connected: []).isReady)
        #expect(!Readiness(state: .starting, listeners: Self.listeners, waitingFor: nil, connected: []).isReady)
    }

    @Test func `thousands are counted and not listed`() throws {
        let domains = Set(try (0..<5000).map { try DomainName("t\($0).example") })
        let readiness = Readiness(state: .serving, listeners: [], waitingFor: domains, connected: [])
        #expect(readiness.missing.count == 21 && readiness.missing.last == "and for 4980 more")
    }
}

@Suite("the status page")
struct StatusPageTests {
    @Test func `it is escaped, has no script, and names nobody`() {
        let status = StatusReply(
            version: "<1>&\"'", processID: 1, state: .serving, started: Timestamp(secondsSince1970: 0), uptime: 5,
            configuration: "/etc/secret.toml", listeners: [StatusReply.Listener(name: "s2s", address: "[::]:5269")],
            tenants: 3, streams: 1, backends: 2, associations: 4, queuedStanzas: 5, queuedBytes: 6, dns: [],
            warnings: ["w.example is odd"])
        let response = HTTPPages.status(
            status, Readiness(state: .serving, listeners: [], waitingFor: [], connected: []))
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("&lt;1&gt;&amp;&quot;&#39;") && !text.contains("<1>"))
        for absent in ["<script", "secret.toml", "example", "5269", "onload", "javascript"] {
            #expect(!text.contains(absent), "\(absent)")
        }
        let policy = response.fields.first { $0.name == "Content-Security-Policy" }?.value ?? ""
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
        #expect(response.fields.contains(HTTPField("Cache-Control", "no-store")))
    }
}
