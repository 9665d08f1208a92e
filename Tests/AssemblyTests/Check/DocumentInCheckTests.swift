import Administration
import DomainAssociation
import HTTPTestSupport
import Prooftypes
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// `ligasectl check` and what a domain publishes by POSH.
@Suite("ligasectl check: POSH", .serialized)
struct DocumentInCheckTests {
    private typealias Manner = ScriptedXMPPServer.Manner

    /// A domain with a server whose certificate no authority vouches for, and a web server.
    private struct Scene {
        let scene: CheckScene
        let web: ScriptedHTTPSServer
        let certificate: IssuedCertificate
        let other: IssuedCertificate
        let server: ScriptedXMPPServer

        init(_ service: String = "xmpp-server") throws {
            let authority = try CheckScene.makeAuthority()
            certificate = try TransportSecurity.CertificateAuthority.selfSigned(CheckScene.template("anything", []))
            other = try TransportSecurity.CertificateAuthority.selfSigned(CheckScene.template("other", []))
            var manner = Manner(identity: try certificate.identity(), from: "c.test")
            if service == "xmpp-client" { manner.namespace = "jabber:client" }
            server = try ScriptedXMPPServer(manner)
            let web = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            self.web = try ScriptedHTTPSServer(identity: try web.identity()) { _ in ScriptedReply(404) }
            scene = try CheckScene(
                "_\(service)._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", isSigned: false, authority: authority)
        }

        func publish(_ text: String, at path: String) {
            web.follow { request in
                guard request.target == path else { return ScriptedReply(404) }
                return ScriptedReply(fields: [("Content-Type", "application/json")], body: Array(text.utf8))
            }
        }

        func check(_ service: String = "xmpp-server") throws -> (status: TestSupport.ExitStatus, report: CheckReport) {
            try scene.check(
                "--service", service, more: "[[remote]]\nname = \"c.test\"\nposh_server = \"\(web.address)\"\n")
        }
    }

    private static func document(_ certificates: IssuedCertificate..., expires: Int64 = 3600) -> String {
        let prints = certificates.map { "{\"sha-256\":\"\(Base64.encode($0.certificate.sha256))\"}" }
        return "{\"fingerprints\":[\(prints.joined(separator: ","))],\"expires\":\(expires)}"
    }

    @Test(arguments: ["xmpp-server", "xmpp-client"])
    func `CC-04, CC-05: a certificate that the domain publishes for the service proves it`(service: String) async throws
    {
        try await script {
            let scene = try Scene(service)
            scene.publish(Self.document(scene.certificate), at: "/.well-known/posh/\(service).json")
            let (exit, report) = try scene.check(service)
            #expect(exit == .exited(code: 0) && report.prooftypes["posh"]?.result == .proven, "\(report.lines)")
            #expect(report.prooftypes["pkix"]?.result == .failed && report.prooftypes["dane"]?.result == .absent)
            #expect(report.targets.first?.proven == ["posh"])
            let step = report.step("posh")
            #expect(step?.result == .ok && step?.detail.contains("holds until") == true, "\(report.lines)")
        }
    }

    @Test func `CC-04: a document for the server service is no proof for clients`() async throws {
        try await script {
            let scene = try Scene("xmpp-client")
            scene.publish(Self.document(scene.certificate), at: "/.well-known/posh/xmpp-server.json")
            let (exit, report) = try scene.check("xmpp-client")
            #expect(exit == .exited(code: 1) && report.prooftypes["posh"]?.result == .absent, "\(report.lines)")
            #expect(report.step("posh")?.result == .absent)
            #expect(
                scene.web.requests.map(\.target) == [
                    "/.well-known/posh/xmpp-client.json", "/.well-known/posh._xmpp-client._tcp.json",
                ])
        }
    }

    @Test func `PO-06: a document that names others is told, and several keys are a change of keys`() async throws {
        try await script {
            let scene = try Scene()
            scene.publish(Self.document(scene.other), at: "/.well-known/posh/xmpp-server.json")
            let (exit, report) = try scene.check()
            #expect(exit == .exited(code: 2) && report.prooftypes["posh"]?.result == .failed, "\(report.lines)")
            let step = report.step("posh")
            #expect(step?.result == .warning && step?.fix?.contains("publish the certificates in use") == true)
            scene.publish(Self.document(scene.other, scene.certificate), at: "/.well-known/posh/xmpp-server.json")
            let (_, both) = try scene.check()
            #expect(both.verdict == .authenticated, "\(both.lines)")
            #expect(both.step("posh")?.detail.contains("2 keys") == true)
        }
    }

    @Test func `a document that breaks the rules is told with what to publish`() async throws {
        try await script {
            let scene = try Scene()
            scene.publish("{\"fingerprints\":17}", at: "/.well-known/posh/xmpp-server.json")
            let (_, report) = try scene.check()
            let step = report.step("posh")
            #expect(step?.result == .warning && step?.fix?.contains("ligasectl posh") == true, "\(report.lines)")
            #expect(report.prooftypes["posh"]?.result == .failed)
        }
    }
}
