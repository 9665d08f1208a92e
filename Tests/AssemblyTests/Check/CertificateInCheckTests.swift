import Administration
import DNSMessages
import Demonstration
import FoundationEssentials
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// What `ligasectl check` says of certificates, of our policy, and on behalf of a domain of ours.
@Suite("ligasectl check: certificates and policy", .serialized)
struct CertificateInCheckTests {
    private typealias Manner = ScriptedXMPPServer.Manner

    /// A certificate and what is to be told of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let verdict: CheckReport.Verdict
        let step: String
        let result: CheckReport.Result
        let words: [String]
        let names: [CertificateTemplate.Name]
        let change: @Sendable (inout CertificateTemplate) -> Void

        init(
            _ description: String, _ verdict: CheckReport.Verdict, _ step: String, _ result: CheckReport.Result,
            _ words: [String], names: [CertificateTemplate.Name] = [.dns("c.test")],
            change: @escaping @Sendable (inout CertificateTemplate) -> Void = { _ in }
        ) {
            testDescription = description
            self.verdict = verdict
            self.step = step
            self.result = result
            self.words = words
            self.names = names
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("good", .authenticated, "path", .ok, ["Test Root"]),
        Case("expired", .none, "expiry", .failed, ["ended at", "renew"]) {
            $0.notAfter = $0.notBefore + CheckScene.day
        },
        Case("expires soon", .authenticated, "expiry", .warning, ["in 4 days", "renewed"]) {
            $0.notAfter = $0.notBefore + 35 * CheckScene.day - 60
        },
        Case("for clients", .none, "usage", .failed, ["clientAuth alone", "serverAuth"]) {
            $0.extendedKeyUsage = .only([.clientAuthentication])
        },
        Case("for servers", .authenticated, "strictness", .warning, ["ejabberd 23.01", "both usages"]) {
            $0.extendedKeyUsage = .only([.serverAuthentication])
        },
        Case("both usages", .authenticated, "usage", .ok, ["serverAuth and clientAuth"]) {
            $0.extendedKeyUsage = .only([.serverAuthentication, .clientAuthentication])
        },
        Case("common name only", .none, "names", .failed, ["a common name counts for nothing"], names: []),
        Case(
            "another domain", .none, "names", .failed, ["nothing stands for c.test", "z.test"], names: [.dns("z.test")]),
        Case("a wildcard", .authenticated, "names", .ok, ["DNS-ID *.test", "a wildcard"], names: [.dns("*.test")]),
        Case(
            "the host of signed records", .authenticated, "names", .warning, ["host.c.test", "DNSSEC refuse it"],
            names: [.dns("host.c.test")]),
        Case(
            "SRV-ID", .authenticated, "strictness", .warning, ["dNSName alone", "MongooseIM"],
            names: [.srv("_xmpp-server.c.test")]),
        Case("XmppAddr", .authenticated, "names", .ok, ["XmppAddr c.test"], names: [.xmppAddress("c.test")]),
        Case("RSA", .authenticated, "key", .ok, ["RSA of 2048 bits"]) { $0.key = .rsa(2048) },
    ]

    private static func scene(
        _ manner: Manner, _ authority: TransportSecurity.CertificateAuthority, zone: String = ""
    ) throws -> (CheckScene, ScriptedXMPPServer) {
        let server = try ScriptedXMPPServer(manner)
        let scene = try CheckScene(
            "_xmpp-server._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1\n\(zone)", authority: authority)
        scene.server = server
        return (scene, server)
    }

    @Test(arguments: cases)
    func `CM-20: what is to be said of a certificate is said, with who has to mend it`(certificate: Case) async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", certificate.names, certificate.change))
            let (scene, _) = try Self.scene(Manner(identity: try issued.identity(), from: "c.test"), authority)
            let (exit, report) = try scene.check()
            #expect(
                report.verdict == certificate.verdict && exit == .exited(code: certificate.verdict.exitCode),
                "\(report.lines)")
            let step = report.step(certificate.step + " ")
            #expect(step?.result == certificate.result, "\(report.lines)")
            let told = "\(step?.detail ?? "") \(step?.fix ?? "")"
            for words in certificate.words {
                #expect(told.contains(words), "\(words): \(report.lines)")
            }
            if certificate.result != .ok { #expect(step?.fix?.contains("the operator of c.test") == true) }
        }
    }

    @Test func `a missing intermediate, a stranger's root and a self-signed certificate are told apart`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let middle = try authority.subordinate(CheckScene.template("Middle", []) { $0.isAuthority = true })
            let below = try middle.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let bare = try TLSIdentity(chainPEM: below.certificatePEM, keyPEM: below.privateKeyPEM)
            let stranger = try TransportSecurity.CertificateAuthority.root(
                CheckScene.template("Stranger", []) { $0.isAuthority = true })
            let strange = try stranger.issue(CheckScene.template("c.test", [.dns("c.test")])).identity()
            let alone = try TransportSecurity.CertificateAuthority.selfSigned(
                CheckScene.template("c.test", [.dns("c.test")])
            ).identity()
            for (identity, words) in [
                (bare, "the whole chain"), (strange, "trust_anchors"), (alone, "by signed TLSA records or POSH"),
            ] {
                let (scene, _) = try Self.scene(Manner(identity: identity, from: "c.test"), authority)
                let step = try scene.check().report.step("path ")
                #expect(
                    step?.result == .failed && step?.fix?.contains(words) == true,
                    "\(words): \(String(describing: step))")
            }
            // With its intermediate it is good.
            let (scene, _) = try Self.scene(Manner(identity: try below.identity(), from: "c.test"), authority)
            #expect(try scene.check().report.verdict == .authenticated)
        }
    }

    // MARK: - Policy

    @Test(arguments: [
        ("[[remote]]\nname = \"c.test\"\nallow = false", "allow = false"),
        ("[federation]\nprooftypes = [\"dane\"]", "dane: no secure TLSA records"),
        ("[federation]\ndane = \"required\"", "required by the policy"),
        ("[[remote]]\nname = \"*.test\"\ntrust_anchors = \"system\"", "issuer is unknown"),
        (
            "[[remote]]\nname = \"c.test\"\npin_sha256 = [\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"]",
            "in pin_sha256"
        ),
    ])
    func `PT-05: the last step says whether our configuration would accept it, and the verdict is the remote's own`(
        more: String, words: String
    ) async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = Manner(identity: try issued.identity(), from: "c.test")
            manner.protected = Manner.dialback
            let (scene, _) = try Self.scene(manner, authority)
            let (exit, report) = try scene.check(more: more)
            // Whom to trust is ours to say; what else we ask for is not the remote's strength.
            let isTrusted = !more.contains("trust_anchors")
            #expect(report.verdict == (isTrusted ? .authenticated : .encrypted), "\(report.lines)")
            #expect(exit == .exited(code: isTrusted ? 0 : 1))
            #expect(report.steps.last?.name == "policy" && report.steps.last?.result == .failed)
            #expect(report.steps.last?.detail.contains(words) == true, "\(report.lines)")
        }
    }

    @Test(arguments: [
        ("", CheckReport.Result.ok, "accepts"), ("OWN", .ok, "accepts"), ("OTHER", .failed, "continuity: public key"),
        ("damaged", .warning, "cannot be read"),
    ])
    func `TP-09: what the daemon remembers of the domain's key counts for the policy`(
        memory: String, result: CheckReport.Result, words: String
    ) async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let (scene, _) = try Self.scene(Manner(identity: try issued.identity(), from: "c.test"), authority)
            let own = Hexadecimal.encode(issued.certificate.subjectPublicKeyInfoSHA256)
            let keys = ["OWN": own, "OTHER": String(repeating: "07", count: 32)]
            if let key = keys[memory] {
                try scene.names.directory.write(
                    "ligase known keys 1\nc.test \(key) pkix first 1700000000 1700000000\nend 1\n", to: "known-keys")
            } else if !memory.isEmpty {
                try scene.names.directory.write("ligase known keys 1\n", to: "known-keys")
            }
            let text = "state_directory = \".\"\n\(scene.settings())[federation]\nkey_change = \"refuse\"\n"
            let (_, report) = try scene.names.check("c.test", settings: text)
            #expect(report.verdict == .authenticated, "\(report.lines)")
            #expect(report.steps.last?.name == "policy" && report.steps.last?.result == result, "\(report.lines)")
            #expect(report.steps.last?.detail.contains(words) == true, "\(report.lines)")
        }
    }

    @Test func `a server below our least version is seen, and refused by the policy alone`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = Manner(identity: try issued.identity(), from: "c.test")
            manner.versions = .tls12 ... .tls12
            let (scene, _) = try Self.scene(manner, authority)
            let text = scene.settings().replacing("[tls]", with: "[tls]\nminimum_version = \"1.3\"")
            let (exit, report) = try scene.names.check("c.test", settings: text)
            #expect(exit == .exited(code: 0) && report.targets.first?.tlsVersion == "TLSv1.2", "\(report.lines)")
            #expect(report.steps.last?.detail.contains("minimum_version is 1.3") == true, "\(report.lines)")
        }
    }

    @Test func `a route of the configuration is taken in place of DNS`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let (scene, server) = try Self.scene(Manner(identity: try issued.identity(), from: "c.test"), authority)
            let more = "[[remote]]\nname = \"c.test\"\nservers = [\"\(server.address)\"]"
            let (exit, report) = try scene.check(more: more)
            #expect(exit == .exited(code: 0) && report.step("route")?.result == .ok, "\(report.lines)")
            #expect(!scene.names.server.queries.contains { $0.question.type == RecordType.srv })
        }
    }

    // MARK: - On behalf of a domain of ours

    @Test(arguments: [true, false])
    func `TL-09: a domain of ours that asks is named, its certificate presented, and EXTERNAL tried`(
        isOffered: Bool
    ) async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let ours = try authority.issue(CheckScene.template("a.test", [.dns("a.test")]))
            var manner = Manner(identity: try issued.identity(), from: "c.test")
            manner.protected = isOffered ? Manner.external : Manner.dialback
            let (scene, server) = try Self.scene(manner, authority)
            try scene.names.directory.write(String(decoding: ours.chainPEM, as: UTF8.self), to: "a.pem")
            try scene.names.directory.write(String(decoding: ours.privateKeyPEM, as: UTF8.self), to: "a.key")
            let domain =
                "[[domain]]\nname = \"a.test\"\nsecret = \"x\"\ncertificate = \"a.pem\"\nprivate_key = \"a.key\""
            let (_, report) = try scene.check("--from", "a.test", more: domain)
            #expect(server.transcript.contains { $0.contains("from='a.test' to='c.test'") }, "\(server.transcript)")
            #expect(server.transcript.contains { $0.contains("certificate CN=a.test") }, "\(server.transcript)")
            let step = report.step("external ")
            #expect(step?.result == (isOffered ? .ok : .warning), "\(report.lines)")
            // The identity is `a.test`.
            #expect(server.transcript.contains { $0.contains("mechanism='EXTERNAL'") } == isOffered)
            #expect(step?.detail.contains("EXTERNAL was accepted") == isOffered)
            #expect(!server.transcript.contains { $0.contains("db:result") })
            #expect(report.verdict == .authenticated)
            // Of a domain that is not ours nothing can be presented.
            let (_, other) = try scene.check("--from", "z.test", more: domain)
            #expect(other.step("external ")?.result == .absent, "\(other.lines)")
        }
    }

    @Test func `files of the configuration that cannot be read are told, with exit status 78`() async throws {
        try await script {
            let names = try SignedNames()
            let (exit, output) = try names.control(
                "check", "a.test", settings: names.settings + "[tls]\ntrust_anchors = \"missing.pem\"\n")
            #expect(exit == .exited(code: 78) && output.contains("missing.pem"), "\(output)")
        }
    }

    @Test func `a running daemon is found in order`() async throws {
        try await script {
            let installation = try Installation()
            let server = try installation.start()
            let file = try installation.directory.write(
                """
                [tls]
                trust_anchors = "authority.pem"
                [dns]
                servers = ["127.0.0.1:9"]
                validation = "off"
                [[remote]]
                name = "a.example"
                servers = ["\(installation.s2s)"]
                """, to: "check.toml")
            let output = installation.directory.path(of: "check.json")
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligasectl",
                arguments: ["check", "a.example", "--json", "--config", file], logFile: output)
            #expect(try process.waitForExit(within: .seconds(30)) == .exited(code: 0), "\(process.log)")
            let report = try JSONDecoder().decode(CheckReport.self, from: Data(process.log.utf8))
            #expect(report.verdict == .authenticated && report.targets.first?.proven == ["pkix"], "\(report.lines)")
            #expect(report.step("starttls")?.detail == "offered and required")
            #expect(report.step("stream")?.detail.contains("from a.example") == true)
            // What it looked at is gone again, and nothing was associated.
            #expect(
                eventually(within: .seconds(5)) { (try? server.control("streams", "--json"))?.contains("s2s") == false }
            )
            #expect(try server.control("associations", "--json").filter { !$0.isWhitespace } == "[]")
        }
    }
}
