import DomainAssociation
import HTTPExchange
import HTTPTestSupport
import Synchronization
import Testing
import TransportSecurity

@testable import POSHTransport

@Suite("POSH documents over HTTPS")
struct RetrievalTests {
    // MARK: - Where

    @Test func `PO-01: the draft's path is asked where the RFC's has nothing, and only there`() async throws {
        let found = try Stage { _ in Stage.document() }
        #expect(try await found.retrieve().material != nil)
        #expect(found.targets == [Stage.path])

        for status in [404, 410] {
            let absent = try Stage { $0.target == Stage.path ? ScriptedReply(status) : Stage.document() }
            #expect(try await absent.retrieve().material != nil)
            #expect(absent.targets == [Stage.path, Stage.draftPath])
        }
        for status in [500, 403, 204] {
            let broken = try Stage { $0.target == Stage.path ? ScriptedReply(status) : Stage.document() }
            #expect(try await broken.retrieve().outcome == "unanswered: status \(status)")
            #expect(broken.targets == [Stage.path])
        }
    }

    @Test func `PO-01: a lengthy page that says 404 says 404`() async throws {
        let page = [UInt8](repeating: 0x20, count: 300_000)
        let stage = try Stage { $0.target == Stage.path ? ScriptedReply(404, body: page) : Stage.document() }
        #expect(try await stage.retrieve().material != nil)
        #expect(stage.targets == [Stage.path, Stage.draftPath])
    }

    @Test func `PO-01: clients have a document of their own, and internationalised domains their A-labels`()
        async throws
    {
        let stage = try Stage { _ in Stage.document() }
        #expect(try await stage.retrieve(for: .client).material != nil)
        #expect(stage.targets == ["/.well-known/posh/xmpp-client.json"])
        let asked = try await stage.retrieve("bücher.example")
        #expect(asked.urls == ["https://xn--bcher-kva.example\(Stage.path)"])
    }

    @Test func `PO-22: a request carries no cookie and no credential`() async throws {
        let stage = try Stage { request in
            var reply = request.target == Stage.path ? ScriptedReply(404) : Stage.document()
            reply.fields = [("Set-Cookie", "a=b; Secure; Path=/")]
            return reply
        }
        _ = try await stage.retrieve()
        #expect(stage.server.requests.count == 2)
        for request in stage.server.requests {
            #expect(request.method == "GET" && request.body.isEmpty && request.clientCertificates == 0)
            #expect(request.fields["cookie"] == nil && request.fields["authorization"] == nil)
            #expect(request.fields["host"] == "b.example" && request.serverName == "b.example")
        }
    }

    // MARK: - Who

    static let badCertificates: [(String, IssuedCertificate)] = {
        let expired = try? WebCertificates.issue("b.example") {
            ($0.notBefore, $0.notAfter) = ($0.notBefore - 90 * WebCertificates.day, $0.notBefore)
        }
        let wrong = try? WebCertificates.issue("c.example")
        let own = try? CertificateAuthority.selfSigned(
            WebCertificates.template("b.example", [.dns("b.example")]))
        return [("expired", expired), ("another name", wrong), ("self-signed", own)].compactMap { name, issued in
            issued.map { (name, $0) }
        }
    }()

    @Test(arguments: 0..<3)
    func `PO-02: a web server that does not prove its name is not believed, whatever it says`(index: Int) async throws {
        try #require(Self.badCertificates.count == 3)
        let (name, issued) = Self.badCertificates[index]
        let stage = try Stage(identity: issued) { _ in Stage.document() }
        let keys = try await stage.retrieve()
        #expect(keys.outcome.hasPrefix("refused: the web server did not prove who it is"), "\(name): \(keys.outcome)")
        #expect(stage.server.requests.isEmpty)
        #expect(stage.reports.map(\.hasFailed) == [true])
    }

    @Test func `PO-02: an authority that the rules do not name vouches for nobody`() async throws {
        let other = try CertificateAuthority.root(
            {
                var template = WebCertificates.template("Other Root", [])
                template.isAuthority = true
                return template
            }())
        let pem = other.issued.certificatePEM
        let stage = try Stage(rules: { $0.authorities = .pem(pem) }) { _ in Stage.document() }
        #expect(try await stage.retrieve().outcome.hasPrefix("refused: the web server did not prove"))
        #expect(stage.server.requests.isEmpty)
    }

    // MARK: - References and redirections

    @Test func `PO-08: a reference is followed to a host that proves its own name`() async throws {
        let stage = try Stage { _ in Stage.document() }
        let url = stage.url("/b.json")
        stage.server.follow { $0.target == Stage.path ? Stage.reference(to: url, expires: 60) : Stage.document() }
        let keys = try await stage.retrieve()
        #expect(keys.material?.lifetime == 60 && keys.expires == Stage.moment + 60)
        #expect(keys.urls == ["https://b.example\(Stage.path)", url])
        #expect(stage.server.requests.map(\.serverName) == ["b.example", "hosting.example"])

        let unnamed = stage.url("/b.json", host: "unnamed.example")
        stage.names.state.withLock { $0.addresses["unnamed.example"] = ["127.0.0.1"] }
        stage.server.follow { $0.target == Stage.path ? Stage.reference(to: unnamed) : Stage.document() }
        stage.advance(by: 61)
        #expect(try await stage.retrieve().outcome.hasPrefix("refused: the web server did not prove who it is"))
        #expect(stage.targets == [Stage.path, "/b.json", Stage.path])
    }

    @Test func `PO-09: a reference to a reference ends it after two requests`() async throws {
        let stage = try Stage { _ in Stage.document() }
        let url = stage.url("/b.json")
        stage.server.follow { $0.target == Stage.path ? Stage.reference(to: url) : Stage.reference(to: url) }
        #expect(try await stage.retrieve().outcome.hasPrefix("refused: the reference leads to another reference"))
        #expect(stage.targets == [Stage.path, "/b.json"])
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `PO-19: a redirection is followed for this time only`(status: Int) async throws {
        let stage = try Stage { _ in Stage.document() }
        let url = stage.url("/moved.json", host: "other.example")
        stage.server.follow {
            $0.target == Stage.path ? Stage.redirect(to: url, status: status) : Stage.document(60)
        }
        #expect(try await stage.retrieve().finalURL == url)
        #expect(stage.server.requests.map(\.serverName) == ["b.example", "other.example"])
        stage.advance(by: 61)
        #expect(try await stage.retrieve().material != nil)
        #expect(stage.targets == [Stage.path, "/moved.json", Stage.path, "/moved.json"])
    }

    @Test(arguments: ["http://other.example/x", "ftp://other.example/x", "https://u:p@other.example/x", ""])
    func `PO-19: a redirection away from https ends it`(location: String) async throws {
        let stage = try Stage { _ in Stage.redirect(to: location) }
        #expect(try await stage.retrieve().outcome.hasPrefix("refused: status 302"))
        #expect(stage.targets == [Stage.path])
        #expect(stage.names.questions.isEmpty)
    }

    @Test func `PO-19: circles and endless chains of redirections end`() async throws {
        let circle = try Stage { request in
            Stage.redirect(to: request.target == Stage.path ? "/one" : request.target == "/one" ? "/two" : "/one")
        }
        #expect(try await circle.retrieve().outcome.hasPrefix("refused: the redirections go in a circle"))
        #expect(circle.targets == [Stage.path, "/one", "/two"])

        let chain = try Stage { request in
            Stage.redirect(to: "/\((Int(request.target.dropFirst()) ?? 0) + 1)")
        }
        #expect(try await chain.retrieve().outcome == "refused: more than 10 redirections")
        #expect(chain.targets.count == 11)
    }

    // MARK: - How much, and how long

    @Test func `PO-22: a body that is too long, or has no end, is given up`() async throws {
        let long = [UInt8](repeating: 0x20, count: 65_537)
        var endless = ScriptedReply()
        endless.raw = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        for _ in 0..<40 { endless.raw? += Array("1000\r\n".utf8) + [UInt8](repeating: 0x20, count: 4096) + [13, 10] }
        for reply in [ScriptedReply(body: long), endless] {
            let stage = try Stage { _ in reply }
            #expect(try await stage.retrieve().outcome == "invalid: the document has more than 65536 octets")
            #expect(stage.targets == [Stage.path])
        }
    }

    @Test func `PO-22: a header without end is given up`() async throws {
        let field = ("X-Long", String(repeating: "x", count: 1000))
        let stage = try Stage { _ in ScriptedReply(fields: Array(repeating: field, count: 60)) }
        #expect(try await stage.retrieve().outcome.contains("the response has more than 32768 octets"))
    }

    @Test func `PO-22: one time limit is for all requests of a retrieval together`() async throws {
        let stage = try Stage(timeLimit: .seconds(1)) { request in
            var reply = Stage.redirect(to: "/\((Int(request.target.dropFirst()) ?? 0) + 1)")
            reply.delay = .milliseconds(300)
            return reply
        }
        #expect(try await stage.retrieve().outcome == "unanswered: the web server took too long")
        #expect((2...4).contains(stage.targets.count))
        // What answers too late tells nobody anything.
        stage.server.follow { _ in Stage.document() }
        #expect(try await stage.retrieve().material == nil)
    }

    @Test func `PO-22: domains that stall do not hold up others on the same web server`() async throws {
        let names = ["b.example"] + (0..<12).map { "stall\($0).example" }
        let identity = try WebCertificates.issue("farm", names.map { .dns($0) })
        let stage = try Stage(timeLimit: .seconds(60), identity: identity) { request in
            var reply = Stage.document()
            reply.isSilent = request.fields["host"]?.hasPrefix("stall") == true
            return reply
        }
        let address = stage.server.address
        var settings = try Stage.settings(at: address) { $0.server = address }
        settings.timeLimit = .seconds(60)
        stage.client.replace(settings)
        let stalled = names.dropFirst().map { name in Task { try await stage.retrieve(name) } }
        for _ in 0..<4000 where stage.server.requests.count < stalled.count {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(stage.server.requests.count == stalled.count)
        #expect(try await stage.retrieve("b.example").outcome == "material")
        stage.client.shutDown()
        for task in stalled { #expect(try await task.value.material == nil) }
    }

    @Test func `PO-22: a body that trickles is given up in time`() async throws {
        var drip = ScriptedReply(body: Array(#"{"finger"#.utf8))
        drip.claimedLength = 5000
        let reply = drip
        let stage = try Stage(timeLimit: .seconds(1)) { _ in reply }
        #expect(try await stage.retrieve().outcome == "unanswered: the web server took too long")
        #expect(stage.reports.count == 1)
    }

    @Test func `PO-21: nobody there is no material, and says why`() async throws {
        let stage = try Stage { _ in Stage.document() }
        stage.server.stop()
        let outcome = try await stage.retrieve().outcome
        #expect(outcome.hasPrefix("unanswered: no answer: ") && outcome.contains("refused"), "\(outcome)")
    }

    // MARK: - Warnings

    @Test func `PO-12: a private key that is published is a loud warning`() async throws {
        let body = #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","x5t":"AAAA"}]}"#
        let stage = try Stage { request in
            request.target == Stage.path ? ScriptedReply(404) : ScriptedReply(body: Array(body.utf8))
        }
        _ = try await stage.retrieve()
        #expect(stage.reports.first?.keys.warning?.contains("private members d are published") == true)
    }
}
