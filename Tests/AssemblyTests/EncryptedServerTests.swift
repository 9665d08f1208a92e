import Administration
import Demonstration
import TestSupport
import Testing
import TransportSecurity

/// Servers that are asked over TLS, as the configuration writes them.
@Suite("tls:// servers of a configuration", .serialized)
struct EncryptedServerTests {
    /// A name server whose certificate is for dns.test, issued by `authority.pem` of the installation.
    private struct Scene {
        let installation: Installation
        let names: SignedNames
        let pin: String

        init() throws {
            installation = try Installation()
            let certificate = try installation.issue("dns.test")
            names = try SignedNames(identity: certificate.identity())
            try names.directory.write(
                contents(ofFile: installation.directory.path(of: "authority.pem")), to: "authority.pem")
            try names.directory.write(String(decoding: certificate.chainPEM, as: UTF8.self), to: "server.pem")
            pin = try Program.run(
                "/bin/sh",
                [
                    "-c",
                    "openssl x509 -in '\(names.directory.path(of: "server.pem"))' -noout -pubkey | "
                        + "openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64",
                ]
            ).filter { !$0.isWhitespace }
        }

        /// `[dns]` with this server under a name, and more lines.
        func settings(name: String?, _ more: String) throws -> String {
            let address = try #require(names.server.secureAddress)
            let server = "tls://\(address)" + (name.map { "#\($0)" } ?? "")
            return "[dns]\nservers = [\"\(server)\"]\ntrust_anchor = \"root.key\"\ncleartext = false\n\(more)\n"
        }
    }

    private static let authority = "ca = \"authority.pem\""
    private static let otherPin = "pin_sha256 = [\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"]"

    @Test func `DP-01, EN-01, EN-12: a server that proves its name or its key is asked, and named as authenticated`()
        async throws
    {
        try await script {
            let scene = try Scene()
            let pin = "pin_sha256 = [\"\(scene.pin)\"]"
            for (name, more) in [("dns.test", Self.authority), (nil, pin), ("dns.test", Self.authority + "\n" + pin)] {
                let settings = try scene.settings(name: name, more)
                let (exit, report) = try scene.names.resolve("host.a.test", "A", settings: settings)
                #expect(exit == .exited(code: 0) && report.status == .secure, "\(more): \(report)")
                #expect(report.transport == "dot" && report.authenticated == true, "\(report)")
                #expect(report.server?.hasPrefix("tls://") == true)
            }
            // As of when signatures are judged says nothing of when the server has to prove who it is.
            let (_, early) = try scene.names.resolve(
                "host.a.test", "A", "--at", "2020-01-01T00:00:00Z",
                settings: scene.settings(name: "dns.test", Self.authority))
            #expect(early.status == .bogus && early.authenticated == true, "\(early)")
            // Nothing of it went in clear (EN-01).
            #expect(scene.names.server.queries.allSatisfy { $0.transport == .tls })
        }
    }

    @Test func `DP-01: under strict a server that does not prove who it is hears no question, and nobody else does`()
        async throws
    {
        try await script {
            let scene = try Scene()
            let refused = [
                ("other.test", Self.authority), ("dns.test", ""), (nil, Self.otherPin),
                ("dns.test", Self.authority + "\n" + Self.otherPin),
            ]
            for (name, more) in refused {
                let settings = try scene.settings(name: name, more)
                let (exit, report) = try scene.names.resolve("host.a.test", "A", settings: settings)
                #expect(exit == .exited(code: 3) && report.status == .indeterminate, "\(more): \(report)")
                #expect(report.reason.contains("prove"), "\(report)")
                let server = try #require(report.server)
                #expect(report.reason.contains(server) && report.authenticated == false, "\(report)")
                #expect(report.fix?.contains("pin_sha256") == true, "\(report)")
                #expect(report.records.isEmpty)
            }
            #expect(scene.names.server.queries.isEmpty)
        }
    }

    @Test func `DP-03: under opportunistic the same server is asked encrypted, and named as not authenticated`()
        async throws
    {
        try await script {
            let scene = try Scene()
            let settings = try scene.settings(name: "other.test", Self.authority + "\nprivacy = \"opportunistic\"")
            let (exit, report) = try scene.names.resolve("host.a.test", "A", settings: settings)
            #expect(exit == .exited(code: 0) && report.transport == "dot" && report.authenticated == false, "\(report)")
            #expect(scene.names.server.queries.allSatisfy { $0.transport == .tls })
        }
    }
}
