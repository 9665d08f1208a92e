import DomainAssociation
import Glibc
import Prooftypes
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// The daemon itself, asked by HTTP.
@Suite("the HTTP listener", .serialized)
struct HTTPListenerTests {
    private static let paths: [(String, POSHPublication.Form)] = [
        ("/.well-known/posh/xmpp-server.json", .rfc7711), ("/.well-known/posh._xmpp-server._tcp.json", .draft),
    ]

    private static func certificate(_ name: String, in web: WebInstallation) throws -> PeerCertificate {
        try Certificate.chain(pem: Array(contents(ofFile: web.installation.directory.path(of: name)).utf8))[0]
    }

    @Test func `PO-23: the documents of hosted domains prove the certificates that they present`() async throws {
        try await script {
            let web = try WebInstallation()
            let own = try web.installation.issue("xn--bcher-kva.example")
            try web.installation.install(own, as: "own")
            let server = try web.start(
                domains: """
                    [[domain]]
                    name = "a.example"
                    backend = "builtin"
                    [[domain]]
                    name = "bücher.example"
                    backend = "builtin"
                    certificate = "own.pem"
                    private_key = "own.key"
                    """)
            let standard = try Self.certificate("default.pem", in: web)
            for (path, form) in Self.paths {
                let answer = try web.get(path)
                #expect(answer.status == 200 && answer.fields["content-type"] == POSHPublication.mediaType(form))
                #expect(answer.fields["cache-control"] == "max-age=60")
                #expect(try POSHProof.proves(standard, by: answer.body, of: "a.example"))
                #expect(try !POSHProof.proves(own.chain[0], by: answer.body, of: "a.example"))
                let other = try web.get(path, host: "XN--BCHER-KVA.example.:80")
                #expect(try POSHProof.proves(own.chain[0], by: other.body, of: "bücher.example"))
                #expect(try !POSHProof.proves(standard, by: other.body, of: "bücher.example"))
                for host in ["nobody.example", "sub.a.example", "127.0.0.1", "example"] {
                    let refused = try web.get(path, host: host)
                    #expect(refused.status == 404 && refused.body == "not found\n")
                }
            }
            #expect(server.stop() == .exited(code: 0))
            #expect(!web.http.accepts)
        }
    }

    @Test func `PO-23: a roll-over is published before, while and after it happens`() async throws {
        try await script {
            let web = try WebInstallation()
            let installation = web.installation
            let next = try installation.issue("a.example")
            try installation.directory.write(String(decoding: next.certificatePEM, as: UTF8.self), to: "next.pem")
            let former = try Self.certificate("default.pem", in: web)
            let domain = "[[domain]]\nname = \"a.example\"\nbackend = \"builtin\"\n"
            let server = try web.start(domains: domain + "posh_certificates = [\"next.pem\"]\n")
            for (path, _) in Self.paths {
                let both = try web.get(path).body
                #expect(try POSHProof.proves(former, by: both, of: "a.example"))
                #expect(try POSHProof.proves(next.chain[0], by: both, of: "a.example"))
            }
            // The next one comes into force, and the former one stays published.
            let directory = installation.directory
            try directory.write(contents(ofFile: directory.path(of: "default.pem")), to: "former.pem")
            try installation.install(next, as: "default")
            try installation.configure(
                web.configuration(domains: domain, settings: "[posh]\ncertificates = [\"former.pem\"]\nexpires = 600"))
            _ = try server.control("reload")
            for (path, form) in Self.paths {
                let both = try web.get(path).body
                #expect(try POSHProof.proves(former, by: both, of: "a.example"))
                #expect(try POSHProof.proves(next.chain[0], by: both, of: "a.example"))
                #expect(both.contains("\"expires\": 600"))
                // The most relevant first: the one in use.
                let material = try POSHProof.material(both)
                #expect(form == .draft || POSHProof.first(material) == Digest.sha256(next.chain[0].der))
            }
            try installation.configure(web.configuration(domains: domain))
            _ = try server.control("reload")
            #expect(try !POSHProof.proves(former, by: web.get(Self.paths[0].0).body, of: "a.example"))
        }
    }

    @Test func `domains that are added are published at once, and removed ones are not`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start()
            let path = Self.paths[0].0
            let next = try web.installation.issue("t.example")
            try web.installation.directory.write(String(decoding: next.certificatePEM, as: UTF8.self), to: "next.pem")
            let file = try web.installation.directory.write(
                (0..<1000).map {
                    "[[domain]]\nname = \"t\($0).example\"\nbackend = \"builtin\"\nposh_certificates = [\"next.pem\"]\n"
                }.joined(), to: "added.toml")
            #expect(try web.get(path, host: "t999.example").status == 404)
            _ = try server.control("tenants", "add", file)
            let document = try web.get(path, host: "t999.example").body
            #expect(try POSHProof.proves(next.chain[0], by: document, of: "t999.example"))
            #expect(try web.metric("ligase_hosted_domains") == 1001)
            _ = try server.control("tenants", "remove", "t999.example")
            #expect(try web.get(path, host: "t999.example").status == 404)
        }
    }

    @Test func `readiness waits for components, and says for which`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start()
            #expect(try web.get("/healthz").status == 200)
            let before = try web.get("/readyz")
            #expect(before.status == 503 && before.body == "nothing is connected for a.example\n")
            try Self.withComponent(at: web.installation.component) { () throws in
                let isReady = try eventually(within: .seconds(5)) { try web.get("/readyz").status == 200 }
                let metric = try web.metric("ligase_ready")
                #expect(isReady && metric == 1)
            }
            #expect(try eventually(within: .seconds(5)) { try web.get("/readyz").status == 503 })
            _ = server
        }
    }

    /// A component that is connected for as long as `body` runs.
    private static func withComponent(at endpoint: Endpoint, _ body: () throws -> Void) throws {
        let component = try ComponentClient("a.example", secret: "sekrit", at: endpoint)
        try body()
        _ = component
    }

    @Test func `readiness of listeners alone waits for nobody`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start(settings: "[runtime]\nready_requires = \"listeners\"")
            #expect(try web.get("/readyz").status == 200)
            let status = try server.control("status")
            #expect(status.contains("http") && status.contains("\(web.http)"), "\(status)")
            #expect(!status.contains("not built"), "\(status)")
        }
    }

    @Test func `metrics are what there is`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start()
            let component = try ComponentClient("a.example", secret: "sekrit", at: web.installation.component)
            #expect(try web.metric("ligase_streams") == 0)
            let peer = try web.installation.authenticated()
            try peer.send("<message from='x@b.example' to='u@a.example'><body>counted</body></message>")
            #expect(try component.receive().text(of: "body") == "counted")
            let answer = try web.get("/metrics")
            #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            for line in [
                "ligase_streams 1", "ligase_associations 1", "ligase_queued_stanzas 0", "ligase_hosted_domains 1",
                "ligase_connected_domains 1", "ligase_stanzas_received_total 1", "ligase_streams_accepted_total 1",
                "ligase_proofs_established_total 1", "ligase_listener_up{listener=\"http\",address=\"\(web.http)\"} 1",
            ] {
                #expect(answer.body.contains("\n\(line)\n"), "\(line) in \(answer.body)")
            }
            let names = answer.body.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
                $0.split(separator: " ")[2]
            }
            #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix("ligase_") })
            let received = try web.metric("ligase_received_bytes_total") ?? 0
            #expect(received > 500)
            try peer.send("</stream:stream>")
            try peer.read(until: "</stream:stream>")
            #expect(try eventually(within: .seconds(5)) { try web.metric("ligase_streams") == 0 })
            #expect(try web.metric("ligase_associations") == 0)
            #expect(try web.metric("ligase_streams_ended_total") == 1)
            // What ended still counts.
            #expect((try web.metric("ligase_received_bytes_total") ?? 0) > received)
            #expect(server.stop() == .exited(code: 0))
        }
    }

    @Test func `the status page and refusals come over the wire`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start()
            let page = try web.get("/")
            #expect(page.status == 200 && page.fields["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("<td>Hosted domains</td><td>1</td>") && !page.body.contains("a.example"))
            for (request, status) in [
                ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", 405),
                ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", 413),
                ("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404),
                ("GET /.well-known/posh/xmpp-server.json HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ] {
                let client = try PlainHTTPClient(to: web.http)
                try client.send(request)
                #expect(try client.answer().status == status, "\(request)")
            }
            let head = try PlainHTTPClient(to: web.http)
            try head.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try head.answer(hasContent: false).status == 200)
            #expect(try head.answer(hasContent: false).status == 404)
            _ = server
        }
    }

    @Test func `while it drains the daemon says so, and answers until it is done`() async throws {
        try await script {
            let web = try WebInstallation()
            let server = try web.start(domains: "[[domain]]\nname = \"a.example\"\nbackend = \"builtin\"\n")
            #expect(try web.get("/readyz").status == 200)
            let silent = try web.installation.authenticated()
            server.process.signal(SIGTERM)
            try silent.read(until: "</stream:stream>")
            let answer = try web.get("/readyz")
            #expect(answer.status == 503 && answer.body.contains("the daemon is draining"))
            try silent.send("</stream:stream>")
            #expect(try server.process.waitForExit(within: .seconds(20)) == .exited(code: 0))
            #expect(!web.http.accepts)
        }
    }

    @Test func `a busy port is a fault of the start that names the listener`() async throws {
        try await script {
            let web = try WebInstallation()
            let other = try ByteListener(at: web.http)
            let file = try web.installation.configure(web.configuration())
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligased", arguments: ["--config", file],
                logFile: web.installation.directory.path(of: "busy.log"))
            #expect(try process.waitForExit(within: .seconds(20)) == .exited(code: 71))
            #expect(process.log.contains("listen.http: \(web.http)"), "\(process.log)")
            _ = other
        }
    }

    @Test func `a certificate to publish that is none is a fault with its line`() async throws {
        try await script {
            let web = try WebInstallation()
            let domain = "[[domain]]\nname = \"a.example\"\nbackend = \"builtin\"\n"
            try web.installation.directory.write("nothing", to: "empty.pem")
            let file = try web.installation.configure(
                web.configuration(
                    domains: domain + "posh_certificates = [\"empty.pem\"]\n",
                    settings: "[posh]\ncertificates = [\"missing.pem\"]"))
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligased", arguments: ["--check-config", "--config", file],
                logFile: web.installation.directory.path(of: "check.log"))
            #expect(try process.waitForExit(within: .seconds(20)) == .exited(code: 78))
            #expect(process.log.contains("domain.posh_certificates: ") && process.log.contains("no certificate in PEM"))
            #expect(process.log.contains("posh.certificates: ") && process.log.contains("No such file"))
        }
    }
}
