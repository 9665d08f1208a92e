import Configuration
import Testing

@Suite("What is not built yet")
struct FeatureTests {
    private static let pin = "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""

    /// Texts with the key that asks for too much.
    static let demands: [(String, String)] = [
        ("[federation]\ndane = \"required\"", "federation.dane"),
        ("[federation]\nprooftypes = [\"dane\", \"posh\"]", "federation.prooftypes"),
        ("[federation]\nkey_change = \"refuse\"", "federation.key_change"),
        ("[[remote]]\nname = \"b.example\"\ndane = \"required\"", "remote.dane"),
        ("[[remote]]\nname = \"b.example\"\nprooftypes = [\"dane\"]", "remote.prooftypes"),
        ("[[remote]]\nname = \"b.example\"\npin_sha256 = [\(pin)]", "remote.pin_sha256"),
        ("[dns]\nservers = [\"tls://192.0.2.53#dns.example\"]", "dns.servers"),
        ("[dns]\nservers = [\"https://dns.example/dns-query\"]", "dns.servers"),
        ("[dns]\npin_sha256 = [\(pin)]", "dns.pin_sha256"), ("[dns]\ndiscovery = true", "dns.discovery"),
        ("[dns]\nvalidation = \"local\"", "dns.validation"), ("[dns]\nvalidation = \"resolver\"", "dns.validation"),
        ("[[domain]]\nname = \"b.example\"\nbackend = \"server\"\nserver = \"127.0.0.1:1\"", "domain.backend"),
    ]

    @Test(arguments: demands)
    func `a value that asks for more safety than is built is a fault`(text: String, keyPath: String) {
        #expect(faults(of: text + tenant, features: partlyBuilt).map(\.keyPath) == [keyPath])
        #expect(faults(of: text + tenant) == [])
    }

    @Test(arguments: [
        ("[federation]\nlevel = \"encrypted\"", "federation.level"),
        ("[federation]\nprooftypes = [\"dane\", \"pkix\"]", "federation.prooftypes"),
        ("[federation]\ndane = \"when-published\"", "federation.dane"),
        ("[federation]\ndane_usages = [3]", "federation.dane_usages"),
        ("[federation]\nposh_sha1 = false", "federation.posh_sha1"),
        ("[federation]\nkey_change = \"log\"", "federation.key_change"),
        ("[federation]\nbidirectional = true", "federation.bidirectional"),
        ("[federation]\npiggybacking = true", "federation.piggybacking"),
        ("[federation]\nstream_management = true", "federation.stream_management"),
        ("[federation]\ndialback_secret = \"s\"", "federation.dialback_secret"),
        ("[listen]\nhttp = [\"127.0.0.1:5281\"]", "listen.http"),
        ("[listen]\ninside = [\"127.0.0.1:5281\"]", "listen.inside"),
        ("[tls]\npresent_certificate = false", "tls.present_certificate"),
        ("[posh]\nprivate_addresses = true", "posh.private_addresses"),
        ("[runtime]\nready_requires = \"listeners\"", "runtime.ready_requires"),
        ("[timeouts]\ndialback = 30", "timeouts.dialback"), ("[timeouts]\nverify_idle = 1", "timeouts.verify_idle"),
        ("[dns]\ntrust_anchor = \"root.key\"", "dns.trust_anchor"),
        ("[dns]\nnsec3_iterations = 9", "dns.nsec3_iterations"), ("[dns]\nprivacy = \"strict\"", "dns.privacy"),
        ("[dns]\nsha1 = true", "dns.sha1"),
        ("[dns]\nca = \"ca.pem\"", "dns.ca"),
        ("[[dns.zone]]\nname = \"c.example\"\nservers = [\"192.0.2.1\"]", "dns.zone.name"),
        ("[[remote]]\nname = \"b.example\"\nposh_server = \"127.0.0.1:1\"", "remote.posh_server"),
    ])
    func `a key without effect is a warning with its line`(text: String, keyPath: String) throws {
        let warnings = try load(text + tenant, features: partlyBuilt).warnings.filter { $0.keyPath != "dns.validation" }
        #expect(warnings.map(\.keyPath) == [keyPath], "\(warnings)")
        #expect(warnings.first?.line != nil && warnings.first?.message.contains("is not built yet") == true)
        #expect(try load(text + tenant).warnings.isEmpty)
    }

    @Test(arguments: [
        "[federation]\nbidirectional = false\npiggybacking = false\nstream_management = false\ndane = \"off\"",
        "[federation]\nprooftypes = [\"pkix\"]\nlevel = \"authenticated\"\ndialback_secret = \"\"\nformer_domains = []",
        "[listen]\nhttp = []\ninside = []", "[tls]\npresent_certificate = true\ncrl = [\"a.crl\"]",
        "[dns]\nservers = [\"192.0.2.53\"]\ndiscovery = false\npin_sha256 = []\nca = \"\"\nprovisioning_domain = \"\"",
        "[posh]\nprivate_addresses = false", "[runtime]\nready_requires = \"all\"\nevent_loops = 2",
        "[[remote]]\nname = \"b.example\"\nallow = false\npin_sha256 = []\nservers = [\"192.0.2.7:5269\"]",
    ])
    func `a value that says what happens anyway is no warning`(text: String) throws {
        let warnings = try load(text + tenant, features: partlyBuilt).warnings
        #expect(warnings.map(\.keyPath) == ["dns.validation"])
    }

    @Test func `the default validation is a warning of no line, and is none once it is off`() throws {
        #expect(
            try load(tenant, features: partlyBuilt).warnings.map(\.description) == [
                "/etc/ligase/ligase.toml: dns.validation: is not built yet: every DNS answer counts as unsigned"
            ])
        #expect(try load("[dns]\nvalidation = \"off\"\n" + tenant, features: partlyBuilt).warnings.isEmpty)
    }

    @Test func `a key is named once however many tables hold it`() throws {
        let remotes = (1...20).map { "[[remote]]\nname = \"r\($0).example\"\nposh_sha1 = true\n" }.joined()
        let warnings = try load(remotes + tenant, features: partlyBuilt).warnings
        #expect(warnings.map(\.keyPath) == ["remote.posh_sha1", "dns.validation"])
        #expect(warnings.first?.line == 3)
    }

    @Test func `without dialback a level below authenticated needs a built prooftype`() {
        let text = "[federation]\nlevel = \"verified\"\nprooftypes = []\n" + tenant
        #expect(faults(of: text, features: partlyBuilt).map(\.keyPath) == ["federation.prooftypes"])
        #expect(faults(of: text) == [])
    }
}
