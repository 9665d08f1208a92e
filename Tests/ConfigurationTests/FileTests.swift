import Configuration
import Testing
import XMPPModel

@Suite("Files")
struct FileTests {
    @Test func `included files add tenants and policies in order`() throws {
        let configuration = try load(
            "include = [\"domains.d/*.toml\", \"/srv/more.toml\"]\n",
            others: [
                "/etc/ligase/domains.d/b.toml": "[[domain]]\nname = \"b.example\"\nbackend = \"builtin\"\n",
                "/etc/ligase/domains.d/a.toml": "[[domain]]\nname = \"a.example\"\nsecret_file = \"secret\"\n",
                "/srv/more.toml": "[[remote]]\nname = \"c.example\"\ntrust_anchors = \"ca.pem\"\n",
            ])
        #expect(configuration.domains.map(\.name.description) == ["a.example", "b.example"])
        #expect(configuration.domains.first?.backend == .component(.file("/etc/ligase/domains.d/secret")))
        #expect(configuration.domains.first?.position == SourcePosition(file: "/etc/ligase/domains.d/a.toml", line: 1))
        #expect(configuration.remotes.first?.trustAnchors == .file("/srv/ca.pem"))
        #expect(configuration.files.count == 4 && configuration.files.first == "/etc/ligase/ligase.toml")
    }

    @Test func `a file that two patterns match is read once, and the main file never again`() throws {
        let configuration = try load(
            "include = [\"a.toml\", \"*.toml\"]\n" + tenant,
            others: ["/etc/ligase/a.toml": "[[domain]]\nname = \"b.example\"\nbackend = \"builtin\"\n"])
        #expect(configuration.domains.count == 2)
    }

    @Test(arguments: ["include = []", "[tls]", "[dns]", "state_directory = \"x\"", "[[dns.zone]]"])
    func `an included file holds tenants and policies only`(text: String) {
        let found = faults(of: "include = [\"a.toml\"]\n" + tenant, others: ["/etc/ligase/a.toml": text + "\n"])
        #expect(found.count == 1 && found[0].file == "/etc/ligase/a.toml" && found[0].line == 1)
        #expect(found.first?.mend == "move it to the main file")
    }

    @Test func `paths are relative to the file that names them, and are listed with their place`() throws {
        let configuration = try load(
            """
            state_directory = "state"
            [listen]
            control = "control.sock"
            [tls]
            certificate = "c.pem"
            crl = ["/srv/one.crl", "two.crl"]
            [dns]
            ca = "dns-ca.pem"
            [[domain]]
            name = "a.example"
            secret_file = "s"
            certificate = "a.pem"
            private_key = "/srv/a.key"
            """)
        #expect(configuration.stateDirectory == "/etc/ligase/state")
        #expect(configuration.listen.control == "/etc/ligase/control.sock")
        #expect(configuration.tls.revocationLists == ["/srv/one.crl", "/etc/ligase/two.crl"])
        #expect(configuration.dns.certificateAuthorities == .file("/etc/ligase/dns-ca.pem"))
        let files = configuration.referencedFiles.map { file in
            "\(file.keyPath) \(file.path) \(file.position?.line ?? 0) \(file.domain?.description ?? "-")"
        }
        #expect(
            Set(files) == [
                "tls.certificate /etc/ligase/c.pem 5 -", "tls.private_key /etc/ligase/tls/privkey.pem 0 -",
                "tls.crl /srv/one.crl 6 -", "tls.crl /etc/ligase/two.crl 6 -",
                "dns.trust_anchor /usr/share/dns/root.key 0 -", "dns.ca /etc/ligase/dns-ca.pem 8 -",
                "domain.secret_file /etc/ligase/s 11 a.example", "domain.certificate /etc/ligase/a.pem 12 a.example",
                "domain.private_key /srv/a.key 13 a.example",
            ])
    }

    @Test func `a fault of a named file is reported where it is named`() throws {
        let configuration = try load("[tls]\ncertificate = \"c.pem\"\n" + tenant)
        let file = try #require(configuration.referencedFiles.first { $0.keyPath == "tls.certificate" })
        let fault = ConfigurationError(file, message: "does not match the key", mend: "renew both")
        #expect(
            fault.description
                == "/etc/ligase/ligase.toml:2: tls.certificate: does not match the key (renew both)")
    }

    @Test func `a name that is hosted twice is a fault that names both places`() {
        let found = faults(
            of: "include = [\"b.toml\"]\n" + tenant,
            others: ["/etc/ligase/b.toml": "\n[[domain]]\nbackend = \"builtin\"\nname = \"A.Example\"\n"])
        #expect(
            found.map(\.description) == [
                "/etc/ligase/b.toml:4: domain.name: a.example is hosted at /etc/ligase/ligase.toml:3 already "
                    + "(remove one of the two)"
            ])
    }

    @Test(arguments: ["b.example", "*.b.example"])
    func `two policies for one scope are a fault`(name: String) {
        let remote = "[[remote]]\nname = \"\(name)\"\n"
        let found = faults(of: remote + remote + "[[remote]]\nname = \"c.example\"\n" + tenant)
        #expect(found.count == 1 && found[0].line == 4 && found[0].keyPath == "remote.name")
    }

    @Test func `a list of tenants is read on its own`() throws {
        let text = (1...3000).map { "[[domain]]\nname = \"d\($0).example\"\nsecret_file = \"s/\($0)\"\n" }.joined()
        let list = try Configuration.parseTenants(text: Array(text.utf8), file: "/srv/t.toml", features: partlyBuilt)
        #expect(list.domains.count == 3000 && list.referencedFiles.count == 3000)
        #expect(list.domains.last?.backend == .component(.file("/srv/s/3000")))
        #expect(list.domains.last?.position.line == 8998)
    }

    @Test(arguments: [
        ("", "domain"), ("[tls]\n" + tenant, "tls"), ("[[remote]]\nname = \"b.example\"\n" + tenant, "remote"),
        (tenant + tenant, "domain.name"), ("domain = 1", "domain"),
    ])
    func `a list of tenants with anything else is refused`(text: String, keyPath: String) {
        #expect {
            try Configuration.parseTenants(text: Array(text.utf8), file: "t.toml", features: partlyBuilt)
        } throws: { error in
            (error as? ConfigurationErrors)?.errors.map(\.keyPath) == [keyPath]
        }
    }

    @Test func `tenants that are written come back the same`() throws {
        let text = """
            [[domain]]
            name = "a.example"
            secret = "q\\"\\\\\\u0007ü"
            [[domain]]
            name = "bücher.example"
            secret_file = "s"
            certificate = "c"
            private_key = "k"
            posh_certificates = ["next", "/srv/after.pem"]
            [[domain]]
            name = "c.example"
            backend = "server"
            server = "[::1]:15269"
            [[domain]]
            name = "d.example"
            backend = "builtin"
            """
        let list = try Configuration.parseTenants(text: Array(text.utf8), file: "/srv/t.toml", features: .everything)
        let written = Array(TenantList.text(of: list.domains).utf8)
        let again = try Configuration.parseTenants(text: written, file: "/var/t.toml", features: .everything)
        #expect(again.domains.count == 4)
        #expect(zip(again.domains, list.domains).allSatisfy { $0.hasSameSettings(as: $1) })
    }
}
