import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import HTTPTestSupport
import NameResolution
import Testing
import TransportSecurity
import XMPPModel

@Suite("Who an HTTPS name server is, and who we are")
struct HTTPSAuthenticationTests {
    private let password = HTTPSServerSettings.Credential.password(username: "ligase", password: "secret")

    /// A server that proves nothing.
    private func impostor() throws -> ScriptedHTTPSServer {
        try nameServer(WebCertificates.issue("evil.example"))
    }

    private func isNotAuthenticated(_ answer: Answer) -> Bool {
        if case .failed(.notAuthenticated) = answer.content { true } else { false }
    }

    @Test func `DH-03, DP-01: under strict a server with the wrong name is asked nothing`() async throws {
        let server = try impostor()
        let asker = try HTTPSAsker([endpoint(server, credential: password)])
        let answer = try await asker.resolve()
        #expect(isNotAuthenticated(answer))
        #expect(server.requests.isEmpty)
        #expect(asker.reports.contains { if case .authenticationFailed = $0 { true } else { false } })
    }

    @Test func `DP-04: a name in the subject alone proves nothing`() async throws {
        let server = try nameServer(WebCertificates.issue("dns.example", []))
        #expect(isNotAuthenticated(try await HTTPSAsker([endpoint(server)]).resolve()))
        #expect(server.requests.isEmpty)
    }

    @Test func `DP-03: under opportunistic a bad certificate is reported, and the question asked without credential`()
        async throws
    {
        let server = try impostor()
        let asker = try HTTPSAsker([endpoint(server, credential: password, profile: .opportunistic)])
        let answer = try await asker.resolve()
        #expect(answer.failure == nil)
        #expect(answer.source?.isAuthenticated == false)
        #expect(!server.requests.isEmpty)
        #expect(server.requests.allSatisfy { $0.fields["authorization"] == nil })
        #expect(asker.reports.contains { if case .authenticationFailed = $0 { true } else { false } })
    }

    @Test func `DP-03: under opportunistic the server that proves itself comes first`() async throws {
        let bad = try impostor()
        let good = try nameServer()
        let endpoints = try [bad, good].map { try endpoint($0, profile: .opportunistic) }
        let answer = try await HTTPSAsker(endpoints).resolve()
        #expect(answer.source?.isAuthenticated == true)
        #expect(bad.requests.isEmpty)
    }

    @Test func `DT-05: a pin has to hold besides the name`() async throws {
        let certificate = try WebCertificates.issue("dns.example")
        let server = try nameServer(certificate)
        let right = certificate.certificate.subjectPublicKeyInfoSHA256
        let wrong = [UInt8](repeating: 0, count: 32)
        #expect(try await HTTPSAsker([endpoint(server, pins: [wrong, right])]).resolve().failure == nil)
        #expect(isNotAuthenticated(try await HTTPSAsker([endpoint(server, pins: [wrong])]).resolve()))
    }

    @Test func `DH-09: the password goes to the configured server and to no other`() async throws {
        let asked = try nameServer()
        let other = try nameServer()
        asked.follow { DNSOverHTTP.answer($0, status: $0.fields["authorization"] == nil ? 401 : 503) }
        let asker = try HTTPSAsker([endpoint(asked, credential: password), endpoint(other)])
        #expect(try await asker.resolve().failure == nil)
        #expect(asked.requests.allSatisfy { $0.fields["authorization"] == "Basic bGlnYXNlOnNlY3JldA==" })
        #expect(!asked.requests.isEmpty)
        #expect(other.requests.allSatisfy { $0.fields["authorization"] == nil })
        #expect(other.requests.count == 1)
    }

    @Test func `DH-09: a client certificate goes to the configured server that proved itself`() async throws {
        let ours = try WebCertificates.issue("client.example")
        let certificate = HTTPSServerSettings.Credential.certificate(
            chainPEM: ours.chainPEM, keyPEM: ours.privateKeyPEM)
        let server = try nameServer()
        #expect(try await HTTPSAsker([endpoint(server, credential: certificate)]).resolve().failure == nil)
        #expect(server.requests.first.map { $0.clientCertificates > 0 } == true)
        let bad = try impostor()
        let asker = try HTTPSAsker([endpoint(bad, credential: certificate, profile: .opportunistic)])
        #expect(try await asker.resolve().failure == nil)
        #expect(bad.requests.allSatisfy { $0.clientCertificates == 0 })
    }

    @Test func `DH-09: a refused credential is told apart, and the next server is asked`() async throws {
        let server = try nameServer { DNSOverHTTP.answer($0, status: 401) }
        let alone = try await HTTPSAsker([endpoint(server, credential: password)]).resolve()
        #expect(alone.content == .failed(.refusedByHTTP(status: 401)))
        let second = try nameServer()
        let both = try HTTPSAsker([endpoint(server, credential: password), endpoint(second)])
        #expect(try await both.resolve().failure == nil)
    }

    @Test func `DD-04: a server known by address is asked as that address, wherever it is dialled`() async throws {
        let server = try nameServer(WebCertificates.issue("resolver", [.ipAddress([192, 0, 2, 53])]))
        #expect(try await HTTPSAsker([endpoint(server, host: "192.0.2.53")]).resolve().failure == nil)
        let asked = try #require(server.requests.first)
        #expect(asked.serverName == nil)
        #expect(asked.fields["host"]?.hasPrefix("192.0.2.53") == true)
    }

    @Test func `DH-08: the server's own address comes from the bootstrap server, which is asked nothing else`()
        async throws
    {
        let server = try nameServer()
        let bootstrap = try EmbeddedNameServer(zones: [
            EmbeddedZone(origin: "example", text: "dns A 127.0.0.1\n")
        ])
        defer { bootstrap.stop() }
        let asker = try HTTPSAsker([endpoint(server, hasAddress: false)], bootstrap: [bootstrap.address])
        for name in ["a.example", "b.example"] { #expect(try await asker.resolve(name).failure == nil) }
        #expect(!bootstrap.queries.isEmpty)
        #expect(bootstrap.queries.allSatisfy { "\($0.question.name)".hasPrefix("dns.example") })
    }

    @Test func `EN-04, DP-05: an alias from the bootstrap server leads no question about an internal name there`()
        async throws
    {
        let server = try nameServer()
        let bootstrap = try EmbeddedNameServer(zones: [
            EmbeddedZone(origin: "example", text: "dns CNAME secret.corp.test.\n"),
            EmbeddedZone(origin: "test", text: "secret.corp A 127.0.0.1\n"),
        ])
        defer { bootstrap.stop() }
        for (zones, isReached) in [([], true), ([try DNSName("corp.test")], false)] {
            let asker = try HTTPSAsker(
                [endpoint(server, hasAddress: false)], bootstrap: [bootstrap.address], splitZones: zones)
            bootstrap.clearQueries()
            #expect((try await asker.resolve().failure == nil) == isReached)
            #expect(!bootstrap.queries.isEmpty)
            #expect(!bootstrap.queries.contains { "\($0.question.name)".hasSuffix("corp.test") })
        }
    }

    @Test func `DH-08: without a bootstrap server there is a failure and no deadlock`() async throws {
        let server = try nameServer()
        #expect(try await HTTPSAsker([endpoint(server, hasAddress: false)]).resolve().failure != nil)
        #expect(server.connections == 0)
    }

    @Test func `DP-05: a false address from the bootstrap server ends in a failure`() async throws {
        let server = try impostor()
        let bootstrap = try EmbeddedNameServer(zones: [
            EmbeddedZone(origin: "example", text: "dns A 127.0.0.1\n")
        ])
        defer { bootstrap.stop() }
        let asker = try HTTPSAsker(
            [endpoint(server, credential: password, hasAddress: false)], bootstrap: [bootstrap.address])
        #expect(isNotAuthenticated(try await asker.resolve()))
        #expect(server.requests.isEmpty)
    }

    @Test func `TP-01: TLS 1.2 and 1.3 are spoken`() async throws {
        let identity = try WebCertificates.issue("dns.example").identity()
        for version in [TLSVersion.tls12, .tls13] {
            let server = try ScriptedHTTPSServer(identity: identity, versions: version...version) {
                DNSOverHTTP.answer($0)
            }
            #expect(try await HTTPSAsker([endpoint(server)]).resolve().failure == nil)
        }
    }
}
