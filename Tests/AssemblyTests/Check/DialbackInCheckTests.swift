import Administration
import Configuration
import Demonstration
import StreamFeatures
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Assembly

/// `ligasectl check --from`, the program itself: dialback on the wire.
@Suite("ligasectl check: dialback", .serialized)
struct DialbackInCheckTests {
    private typealias Manner = ScriptedXMPPServer.Manner

    private static let domain =
        "[[domain]]\nname = \"a.test\"\nsecret = \"x\"\ncertificate = \"a.pem\"\nprivate_key = \"a.key\"\n"

    /// A scene with a certificate for `a.test`, and one server of c.test.
    private static func scene(
        _ change: (inout Manner) -> Void
    ) throws -> (scene: CheckScene, server: ScriptedXMPPServer) {
        let authority = try CheckScene.makeAuthority()
        let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
        let ours = try authority.issue(CheckScene.template("a.test", [.dns("a.test")]))
        var manner = Manner(identity: try issued.identity(), from: "c.test")
        manner.protected = Manner.external + Manner.dialback
        change(&manner)
        let server = try ScriptedXMPPServer(manner)
        let scene = try CheckScene(
            "_xmpp-server._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", authority: authority)
        try scene.names.directory.write(String(decoding: ours.chainPEM, as: UTF8.self), to: "a.pem")
        try scene.names.directory.write(String(decoding: ours.privateKeyPEM, as: UTF8.self), to: "a.key")
        scene.server = server
        return (scene, server)
    }

    private static func answer(_ rest: String) -> String {
        "<db:result xmlns:db='jabber:server:dialback' from='c.test' to='a.test' \(rest)"
    }

    private static func federation(_ secret: String) -> String { "[federation]\ndialback_secret = \"\(secret)\"\n" }

    @Test func `DK-01 TL-09: EXTERNAL and dialback are both tried, the latter on a connection without our certificate`()
        async throws
    {
        try await script {
            let (scene, server) = try Self.scene { $0.dialbackAnswer = Self.answer("type='valid'/>") }
            let (exit, report) = try scene.check(
                "--from", "a.test", more: Self.federation("s3cr3t") + Self.domain)
            #expect(exit == .exited(code: 0) && report.verdict == .authenticated, "\(report.lines)")
            #expect(report.step("external ")?.detail.contains("EXTERNAL was accepted") == true, "\(report.lines)")
            #expect(report.step("dialback ")?.result == .ok, "\(report.lines)")
            #expect(report.step("sender a.test")?.detail.contains("by EXTERNAL and by dialback") == true)
            #expect(report.step("one-way")?.result == .ok && report.steps.last?.name == "policy")
            #expect(report.prooftypes["dialback"]?.result == .proven)
            #expect(report.prooftypes["dialback"]?.evidence["from"] == "a.test")
            let pair = DomainPair(sender: try DomainName("a.test"), target: try DomainName("c.test"))
            let key = DialbackSecret("s3cr3t").key(for: pair, streamID: "x")
            let said = server.transcript
            #expect(said.contains("\(key)</db:result>") && said.count { $0.hasSuffix("</db:result>") } == 1, "\(said)")
            #expect(!said.contains { $0.contains("stream:error") }, "\(said)")
            let handshakes = said.filter { $0.hasPrefix("[TLS") }
            #expect(handshakes.count == 2 && handshakes.first?.contains("CN=a.test") == true, "\(said)")
            #expect(handshakes.last?.contains("certificate none") == true, "\(said)")
        }
    }

    @Test(arguments: [
        ("type='invalid'/></stream:stream>", CheckReport.Result.warning, "forged", "dialback_secret"),
        (
            "type='error'><error type='wait'><remote-connection-failed "
                + "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>", .warning,
            "remote-connection-failed", "SRV records of a.test"
        ), ("", .warning, "in time", "SRV records of a.test"),
    ])
    func `DB-07 DB-08: what the server says is told with what to mend`(
        answer: String, result: CheckReport.Result, words: String, fix: String
    ) async throws {
        try await script {
            let (scene, _) = try Self.scene { $0.dialbackAnswer = answer.isEmpty ? nil : Self.answer(answer) }
            let more = "dialback = 1\n" + Self.federation("s3cr3t") + Self.domain
            let (exit, report) = try scene.check("--from", "a.test", more: more)
            #expect(exit == .exited(code: 0), "\(report.lines)")
            let step = report.step("dialback ")
            #expect(step?.result == result && step?.detail.contains(words) == true, "\(report.lines)")
            #expect(step?.fix?.contains(fix) == true, "\(report.lines)")
            #expect(report.prooftypes["dialback"]?.result == .failed)
            #expect(report.step("sender ")?.result == .ok)
        }
    }

    /// Who asks, with which configuration, and why no key is sent.
    private static let silences: [(from: String?, more: String, words: String)] = [
        (nil, federation("s3cr3t") + domain, "--from"), ("z.test", federation("s3cr3t") + domain, "no domain of this"),
        ("a.test", federation("s3cr3t") + domain + "[[remote]]\nname = \"c.test\"\nallow = false\n", "allow = false"),
        (
            "a.test", federation("s3cr3t") + domain + "[[remote]]\nname = \"c.test\"\nprooftypes = [\"posh\"]\n",
            "not proved"
        ),
    ]

    @Test(arguments: silences)
    private func `DB-21: no key is sent where nobody would know it, or the daemon would send none`(
        from: String?, more: String, words: String
    ) async throws {
        try await script {
            let (scene, server) = try Self.scene { $0.dialbackAnswer = Self.answer("type='valid'/>") }
            let (_, report) =
                if let from { try scene.check("--from", from, more: more) } else { try scene.check(more: more) }
            let step = report.step("dialback ")
            let told = "\(step?.detail ?? "") \(step?.fix ?? "")"
            #expect(told.contains("not tried") && told.contains(words), "\(report.lines)")
            #expect(!server.transcript.contains { $0.contains("db:result") }, "\(server.transcript)")
            #expect(report.prooftypes["dialback"]?.result == .offered)
        }
    }

    @Test func `DB-21: nothing goes to a server that TLSA records refute`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let other = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = Manner(identity: try issued.identity(), from: "c.test")
            manner.protected = Manner.dialback
            let server = try ScriptedXMPPServer(manner)
            let scene = try CheckScene(
                """
                _xmpp-server._tcp SRV 1 0 \(server.port) host
                host A 127.0.0.1
                _\(server.port)._tcp.host TLSA \(CheckScene.record(other.certificate))
                """, authority: authority)
            let ours = try authority.issue(CheckScene.template("a.test", [.dns("a.test")]))
            try scene.names.directory.write(String(decoding: ours.chainPEM, as: UTF8.self), to: "a.pem")
            try scene.names.directory.write(String(decoding: ours.privateKeyPEM, as: UTF8.self), to: "a.key")
            // Our configuration does not look at DANE, and sends no key all the same.
            let more = "[federation]\ndialback_secret = \"s3cr3t\"\ndane = \"off\"\n" + Self.domain
            let (exit, report) = try scene.check("--from", "a.test", more: more)
            #expect(exit == .exited(code: 2), "\(report.lines)")
            #expect(report.step("dialback ")?.detail.contains("refuted") == true, "\(report.lines)")
            #expect(!server.transcript.contains { $0.contains("db:result") })
        }
    }

    @Test(arguments: [nil, "secret", "damaged"])
    func `DK-03: the secret that the daemon keeps serves for a tenant too, and nothing is written`(
        kept: String?
    ) async throws {
        try await script {
            let (scene, server) = try Self.scene { $0.dialbackAnswer = Self.answer("type='valid'/>") }
            let directory = scene.names.directory
            try directory.makeDirectory("state")
            let secret = String(repeating: "0a", count: 32)
            let tenant = Self.domain.replacing("a.pem", with: directory.path(of: "a.pem"))
                .replacing("a.key", with: directory.path(of: "a.key"))
            try directory.write(tenant, to: "state/tenants.toml")
            if let kept {
                try directory.write(kept == "secret" ? secret + "\n" : "junk", to: "state/dialback-secret")
            }
            let (_, report) = try scene.names.check(
                "c.test", "--from", "a.test", settings: "state_directory = \"state\"\n" + scene.settings())
            let step = report.step("dialback ")
            let key = DialbackSecret(secret).key(
                for: DomainPair(sender: try DomainName("a.test"), target: try DomainName("c.test")), streamID: "x")
            let isSent = server.transcript.contains { $0.hasSuffix("</db:result>") }
            #expect(server.transcript.contains("\(key)</db:result>") == (kept == "secret"), "\(server.transcript)")
            #expect(isSent == (kept == "secret"))
            #expect(report.step("external ")?.detail.contains("EXTERNAL was accepted") == true, "\(report.lines)")
            guard kept != "secret" else { return }
            let told = "\(step?.detail ?? "") \(step?.fix ?? "")"
            #expect(told.contains(kept == nil ? "start the daemon of a.test first" : "is damaged"), "\(report.lines)")
            if kept == nil { #expect(contents(ofFile: directory.path(of: "state/dialback-secret")).isEmpty) }
        }
    }

    /// A server that no prooftype proves, our level, the verdict, and whether it gets a key.
    private static let levels: [(level: String, kind: Kind, CheckReport.Verdict, isAsked: Bool)] = [
        ("authenticated", .strangersCertificate, .encrypted, false),
        ("encrypted", .strangersCertificate, .encrypted, true),
        ("verified", .strangersCertificate, .encrypted, true), ("authenticated", .clear, .verified, false),
        ("encrypted", .clear, .verified, false), ("verified", .clear, .verified, true),
        ("encrypted", .beforeVersion1, .verified, false), ("verified", .beforeVersion1, .verified, true),
    ]

    enum Kind: Sendable { case strangersCertificate, clear, beforeVersion1 }

    @Test(.enabled(if: DeploymentAssembly.features.contains(.dialback)), arguments: levels)
    private func `PT-05 DB-21: below authenticated a server that nothing proves gets a key, in clear at verified alone`(
        level: String, kind: Kind, verdict: CheckReport.Verdict, isAsked: Bool
    ) async throws {
        try await script {
            let stranger = try TransportSecurity.CertificateAuthority.selfSigned(
                CheckScene.template("c.test", [.dns("c.test")]))
            let identity = try stranger.identity()
            let (scene, server) = try Self.scene { manner in
                manner.dialbackAnswer = Self.answer("type='valid'/>")
                switch kind {
                case .strangersCertificate: manner.identity = identity
                case .clear:
                    manner.clear = Manner.dialback
                    manner.proceed = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                    manner.grantsTLS = false
                case .beforeVersion1:
                    manner.inPlaceOfClear =
                        "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
                        + "xmlns:db='jabber:server:dialback' id='x'>"
                }
            }
            let more = "[federation]\nlevel = \"\(level)\"\ndialback_secret = \"s3cr3t\"\n" + Self.domain
            let (exit, report) = try scene.check("--from", "a.test", more: more)
            #expect(report.verdict == verdict && exit == .exited(code: 1), "\(report.lines)")
            #expect(server.transcript.contains { $0.hasSuffix("</db:result>") } == isAsked, "\(server.transcript)")
            let step = report.step("dialback ")
            #expect(step?.result == .ok && step?.detail.contains("takes it") == isAsked, "\(report.lines)")
            #expect(report.prooftypes["dialback"]?.result == (isAsked ? .proven : .offered))
            #expect(report.step("one-way")?.result == (isAsked ? .ok : .warning), "\(report.lines)")
            #expect(report.steps.last?.result == (isAsked ? .ok : .failed), "\(report.lines)")
        }
    }
}
