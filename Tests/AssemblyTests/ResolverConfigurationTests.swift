import Configuration
import DNSTransport
import NameResolution
import TestSupport
import Testing
import TransportSecurity

@testable import Assembly

/// What is wrong with the files that `[dns]` names.
@Suite("files of [dns]")
struct ResolverConfigurationTests {
    private static let anchor = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"

    private static let publicKey = "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n"

    /// The text of `[dns]`, the content of the file `named` if it is there, the key at fault, and words of message and mend.
    private struct Case: Sendable, CustomTestStringConvertible {
        let dns: String
        let content: String?
        let key: String
        let words: [String]

        init(_ dns: String, _ content: String?, _ key: String, _ words: [String]) {
            self.dns = dns
            self.content = content
            self.key = key
            self.words = words
        }

        var testDescription: String { "\(key): \(words)" }
    }

    private static let zone = "[[dns.zone]]\nname = \"corp.test\"\n"
    private static let httpsZone = zone + "servers = [\"https://d.test@127.0.0.1/q\"]\n"
    private static let cases: [Case] = [
        Case("trust_anchor = \"named\"", nil, "dns.trust_anchor", ["named", "No such file", "dns-root-data"]),
        Case("trust_anchor = \"named\"", "", "dns.trust_anchor", ["no trust anchor", "DS or DNSKEY"]),
        Case(
            "trust_anchor = \"named\"", anchor + ". IN A 192.0.2.1\n", "dns.trust_anchor", ["line 2", "DS or DNSKEY"]),
        Case("trust_anchor = \"named\"", anchor + "nonsense\n", "dns.trust_anchor", ["line 2", "root.key"]),
        // Anchors that can prove nothing would leave everything unsigned: a digest, an algorithm, a revoked key, no zone key.
        Case(
            "trust_anchor = \"named\"", anchor.replacing("20326 8 2", with: "20326 8 99"), "dns.trust_anchor",
            ["no key or digest of .", "DS or DNSKEY"]),
        Case(
            "trust_anchor = \"named\"", anchor.replacing("20326 8 2", with: "20326 99 2"), "dns.trust_anchor",
            ["no key or digest of ."]),
        Case(
            "trust_anchor = \"named\"", anchor + "corp.test. IN DNSKEY 385 3 15 " + publicKey, "dns.trust_anchor",
            ["no key or digest of corp.test"]),
        Case(
            "trust_anchor = \"named\"", "corp.test. IN DNSKEY 1 3 15 " + publicKey, "dns.trust_anchor",
            ["no key or digest of corp.test"]),
        Case(
            zone + "servers = [\"127.0.0.1\"]\ntrust_anchor = \"named\"", anchor, "dns.zone.trust_anchor",
            ["outside corp.test", "dns.trust_anchor"]),
        Case("servers = [\"tls://127.0.0.1#d.test\"]\nca = \"named\"", nil, "dns.ca", ["named", "No such file"]),
        Case("servers = [\"tls://127.0.0.1#d.test\"]\nca = \"named\"", "nothing", "dns.ca", ["named", "PEM"]),
        Case(httpsZone + "ca = \"named\"", "nothing", "dns.zone.ca", ["named", "PEM"]),
        Case(
            httpsZone + "username = \"u\"\npassword_file = \"named\"", nil, "dns.zone.password_file",
            ["No such file", "readable by the daemon's user"]),
        Case(
            httpsZone + "username = \"u\"\npassword_file = \"named\"", "\nsecret\n", "dns.zone.password_file",
            ["empty", "first line"]),
        Case(
            httpsZone + "client_certificate = \"named\"\nclient_key = \"default.key\"", "nothing",
            "dns.zone.client_certificate", ["named", "chain leaf first"]),
        Case(
            httpsZone + "client_certificate = \"default.pem\"\nclient_key = \"named\"", nil, "dns.zone.client_key",
            ["named", "the key that fits it"]),
    ]

    @Test(arguments: cases)
    private func `DS-02, DP-01: a file that cannot be used is told with file, line, key and mend`(
        fault: Case
    ) async throws {
        try await script {
            let installation = try Installation()
            if let content = fault.content { try installation.directory.write(content, to: "named") }
            try installation.directory.write(Self.anchor, to: "root.key")
            var text = installation.configuration(settings: "")
            let anchor = fault.dns.hasPrefix("trust_anchor") ? "" : "trust_anchor = \"root.key\"\n"
            let servers =
                fault.dns.contains("servers") && !fault.dns.hasPrefix("[[") ? "" : "servers = [\"127.0.0.1:9\"]\n"
            text.replace(
                "servers = [\"127.0.0.1:9\"]\nvalidation = \"off\"\n", with: servers + anchor + fault.dns + "\n")
            let file = try installation.configure(text)
            do {
                _ = try LoadedConfiguration(file: file)
                Issue.record("accepted")
            } catch let errors as ConfigurationErrors {
                #expect(errors.errors.map(\.keyPath) == [fault.key], "\(errors)")
                let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                    $0.contains("\"named\"")
                }
                #expect(errors.errors.first?.line == line.map { $0 + 1 }, "\(errors)")
                for word in fault.words { #expect("\(errors)".contains(word), "\(word): \(errors)") }
            }
        }
    }

    @Test func `authorities that nobody is judged by need not be there, and neither need anchors`() async throws {
        try await script {
            let installation = try Installation()
            var text = installation.configuration()
            text.replace("validation = \"off\"", with: "validation = \"resolver\"\nca = \"missing.pem\"")
            _ = try LoadedConfiguration(file: installation.configure(text))
        }
    }

    @Test(
        arguments: [
            ("nameserver 192.0.2.53\nnameserver 127.0.0.53\nnameserver 2001:db8::53\n", 2),
            ("nameserver 127.0.0.53\n", 0),
            ("nameserver ::1\n", 0), ("", 0),
        ] as [(String, Int)])
    func `EN-03: the system's servers are asked in clear, with a warning unless they are on this host`(
        system: String, remote: Int
    ) async throws {
        try await script {
            let installation = try Installation()
            var text = installation.configuration()
            text.replace("servers = [\"127.0.0.1:9\"]\n", with: "")
            let loaded = try LoadedConfiguration(file: installation.configure(text))
            let assembly = ResolverAssembly(loaded.configuration, systemServers: system)
            #expect(assembly.settings.resolver.endpoints.allSatisfy { $0.server.channel == .cleartext })
            #expect(assembly.settings.resolver.endpoints.filter { !$0.server.isLoopback }.count == remote)
            let told = assembly.warnings.filter { $0.contains("in clear") }
            #expect(told.count == min(remote, 1) && told.allSatisfy { !$0.contains("127.0.0.53") }, "\(told)")
            if remote > 0 { #expect(told.first?.contains("192.0.2.53, 2001:db8::53") == true, "\(told)") }
        }
    }

    @Test(arguments: ["", "cleartext = false\n"])
    func `EN-03: beside servers that are named the system's are not asked, and none of those in clear`(
        setting: String
    ) async throws {
        try await script {
            let installation = try Installation()
            var text = installation.configuration()
            text.replace(
                "servers = [\"127.0.0.1:9\"]\n", with: "servers = [\"tls://192.0.2.1#d.test\"]\n\(setting)")
            let loaded = try LoadedConfiguration(file: installation.configure(text))
            let assembly = ResolverAssembly(loaded.configuration, systemServers: "nameserver 192.0.2.53\n")
            #expect(assembly.settings.resolver.endpoints.map(\.server.channel) == [.tls])
            #expect(assembly.warnings.isEmpty)
            // Only an HTTPS server that is known by name alone would be looked up, and where that is allowed.
            let bootstrap = assembly.settings.resolver.bootstrapServers
            #expect(bootstrap.addresses.isEmpty == !setting.isEmpty)
        }
    }
}
