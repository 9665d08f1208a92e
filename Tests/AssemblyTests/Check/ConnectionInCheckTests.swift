import Administration
import DNSMessages
import Demonstration
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// `ligasectl check`, the program itself, with servers to connect to.
@Suite("ligasectl check: connections", .serialized)
struct ConnectionInCheckTests {
    private typealias Manner = ScriptedXMPPServer.Manner

    private static let header =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        + "to='c.test' version='1.0' xml:lang='en'>"

    private static func manner(_ issued: IssuedCertificate, _ namespace: String = "jabber:client") throws -> Manner {
        Manner(identity: try issued.identity(), namespace: namespace, from: "c.test")
    }

    @Test func `CC-02: to a client port it says whom it wants, does STARTTLS, says nothing of itself, and closes`()
        async throws
    {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let server = try ScriptedXMPPServer(try Self.manner(issued))
            let scene = try CheckScene(
                "_xmpp-client._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", authority: authority)
            let (exit, report) = try scene.check("--service", "xmpp-client")
            #expect(exit == .exited(code: 0) && report.verdict == .authenticated, "\(report.lines)")
            #expect(
                server.transcript == [
                    Self.header, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
                    "[TLS, server name c.test, ALPN , certificate none]", Self.header, "</stream:stream>",
                ])
            #expect(report.prooftypes["pkix"]?.result == .proven, "\(report.lines)")
            #expect(report.prooftypes["dialback"]?.result == .absent)
            #expect(report.targets.first?.tlsVersion == "TLSv1.3" && report.targets.first?.verdict == .authenticated)
            #expect(report.step("policy") == nil)
        }
    }

    @Test(arguments: [("xmpp-client", "_xmpps-client"), ("xmpp-server", "_xmpps-server")])
    func `CC-02: direct TLS names the service by ALPN`(service: String, label: String) async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = try Self.manner(issued, service == "xmpp-client" ? "jabber:client" : "jabber:server")
            manner.directTLS = true
            manner.applicationProtocols = [service]
            let server = try ScriptedXMPPServer(manner)
            let scene = try CheckScene(
                "\(label)._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", authority: authority)
            let (exit, report) = try scene.check("--service", service)
            #expect(exit == .exited(code: 0), "\(report.lines)")
            #expect(server.transcript.first == "[TLS, server name c.test, ALPN \(service), certificate none]")
            #expect(report.step("tls host.c.test")?.detail.contains("ALPN \(service)") == true)
            #expect(!server.transcript.contains { $0.contains("from=") })
        }
    }

    @Test func `CC-01: both record sets are merged, every endpoint is tried, and each has its DNSSEC status`()
        async throws
    {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let startTLS = try ScriptedXMPPServer(try Self.manner(issued))
            var manner = try Self.manner(issued)
            manner.directTLS = true
            manner.applicationProtocols = ["xmpp-client"]
            let directTLS = try ScriptedXMPPServer(manner)
            let scene = try CheckScene(
                """
                _xmpp-client._tcp SRV 5 0 \(startTLS.port) host
                _xmpp-client._tcp SRV 9 0 1 gone
                _xmpps-client._tcp SRV 1 0 \(directTLS.port) host
                host A 127.0.0.1
                gone A 127.0.0.1
                """, authority: authority)
            let (_, report) = try scene.check("--service", "xmpp-client")
            #expect(report.targets.map(\.port) == [directTLS.port, startTLS.port, 1], "\(report.lines)")
            #expect(report.targets.map(\.verdict) == [.authenticated, .authenticated, CheckReport.Verdict.none])
            #expect(report.step("srv _xmpps-client._tcp.c.test")?.detail.contains("secure") == true)
            #expect(report.step("addresses host.c.test")?.detail.contains("secure") == true)
            let failed = report.step("connection gone.c.test:1")
            #expect(failed?.result == .warning && failed?.fix?.contains("listens") == true, "\(report.lines)")
        }
    }

    @Test func `CC-01: the target "." is no service, and nothing is dialled`() async throws {
        try await script {
            let scene = try CheckScene(
                "_xmpp-client._tcp SRV 0 0 0 .\n@ A 127.0.0.1", authority: try CheckScene.makeAuthority())
            let (exit, report) = try scene.check("--service", "xmpp-client")
            #expect(exit == .exited(code: 2) && report.targets.isEmpty)
            #expect(
                report.step("srv _xmpp-client._tcp.c.test")?.detail.contains("no service") == true, "\(report.lines)")
        }
    }

    @Test func `CC-03: a name for the server service does not stand for the client service`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.srv("_xmpp-server.c.test")]))
            let server = try ScriptedXMPPServer(try Self.manner(issued))
            let scene = try CheckScene(
                "_xmpp-client._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", authority: authority)
            let (exit, report) = try scene.check("--service", "xmpp-client")
            #expect(exit == .exited(code: 1) && report.verdict == .encrypted, "\(report.lines)")
            #expect(report.prooftypes["pkix"]?.result == .failed)
            let step = report.step("names host.c.test")
            #expect(step?.result == .failed && step?.fix?.contains("dNSName c.test") == true)
        }
    }

    @Test func `CC-05: TLSA records of the client port prove, and each prooftype has its verdict`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try TransportSecurity.CertificateAuthority.selfSigned(CheckScene.template("anything", []))
            let server = try ScriptedXMPPServer(try Self.manner(issued))
            let record = CheckScene.record(issued.certificate)
            let scene = try CheckScene(
                """
                _xmpp-client._tcp SRV 1 0 \(server.port) im
                im A 127.0.0.1
                _\(server.port)._tcp.im TLSA \(record)
                """, authority: authority)
            let (exit, report) = try scene.check("--service", "xmpp-client")
            #expect(exit == .exited(code: 0), "\(report.lines)")
            #expect(
                scene.names.server.queries.contains {
                    $0.question.type == .tlsa && $0.question.name.description == "_\(server.port)._tcp.im.c.test"
                })
            #expect(report.prooftypes["dane"]?.result == .proven, "\(report.lines)")
            #expect(report.prooftypes["dane"]?.evidence["owner"] == "_\(server.port)._tcp.im.c.test")
            #expect(report.prooftypes["pkix"]?.result == .failed)
            #expect(report.prooftypes["pkix"]?.reason.contains("self-signed") == true)
            #expect(report.prooftypes["posh"]?.result == .absent)
            #expect(report.step("path im.c.test")?.result == .warning)
            #expect(report.step("keys ")?.detail.contains("no other key is published") == true)
        }
    }

    @Test func `DA-08: records that do not match are the last word, whatever an authority says`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let other = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = try Self.manner(issued, "jabber:server")
            manner.protected = Manner.dialback
            let server = try ScriptedXMPPServer(manner)
            let scene = try CheckScene(
                """
                _xmpp-server._tcp SRV 1 0 \(server.port) host
                host A 127.0.0.1
                _\(server.port)._tcp.host TLSA \(CheckScene.record(other.certificate))
                """, authority: authority)
            let (exit, report) = try scene.check()
            #expect(exit == .exited(code: 2) && report.verdict == .none, "\(report.lines)")
            #expect(report.prooftypes["dane"]?.result == .failed && report.prooftypes["pkix"]?.result == .proven)
            #expect(report.prooftypes["dialback"]?.result == .offered)
            let step = report.step("keys ")
            #expect(step?.result == .failed && step?.fix?.contains("ligasectl tlsa") == true, "\(report.lines)")
            #expect(report.step("policy")?.result == .failed)
        }
    }

    @Test func `a second published key is told as a change of keys`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let next = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let server = try ScriptedXMPPServer(try Self.manner(issued, "jabber:server"))
            let scene = try CheckScene(
                """
                _xmpp-server._tcp SRV 1 0 \(server.port) host
                host A 127.0.0.1
                _\(server.port)._tcp.host TLSA \(CheckScene.record(issued.certificate))
                _\(server.port)._tcp.host TLSA \(CheckScene.record(next.certificate))
                """, authority: authority)
            let (_, report) = try scene.check()
            let step = report.step("keys ")
            #expect(step?.result == .ok && step?.detail.contains("another key is published") == true, "\(report.lines)")
            #expect(report.targets.first?.proven == ["dane", "pkix"])
            #expect(report.step("policy")?.result == .ok)
        }
    }
}
