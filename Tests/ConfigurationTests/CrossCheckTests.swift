import Configuration
import Testing
import XMPPModel

@Suite("Keys that depend on each other")
struct CrossCheckTests {
    private static let pin = "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""
    private static let domain = "[[domain]]\nname = \"b.example\"\n"
    private static let zone = "[[dns.zone]]\nname = \"c.example\"\n"
    private static let httpsZone = zone + "servers = [\"https://a@192.0.2.1/q\"]\n"
    private static let plainZone = zone + "servers = [\"192.0.2.1\"]\n"

    /// Texts with the key that each of them gets wrong.
    static let contradictions: [(String, String)] = [
        (domain, "domain.secret_file"), (domain + "secret = \"s\"\nsecret_file = \"s\"", "domain.secret"),
        (domain + "secret = \"s\"\nserver = \"127.0.0.1:1\"", "domain.server"),
        (domain + "backend = \"builtin\"\nsecret = \"s\"", "domain.secret"),
        (domain + "backend = \"builtin\"\nsecret_file = \"s\"", "domain.secret_file"),
        (domain + "backend = \"server\"", "domain.backend"),
        (domain + "backend = \"server\"\nserver = \"127.0.0.1:1\"\nsecret = \"s\"", "domain.secret"),
        (domain + "backend = \"builtin\"\ncertificate = \"c\"", "domain.certificate"),
        (domain + "backend = \"builtin\"\nprivate_key = \"c\"", "domain.private_key"),
        ("[[domain]]\nbackend = \"builtin\"", "domain.name"), ("[[remote]]\nallow = false", "remote.name"),
        ("[federation]\nformer_domains = [\"a.example\"]", "federation.former_domains"),
        ("[federation]\ndane = \"required\"\n[dns]\nvalidation = \"off\"", "federation.dane"),
        ("[federation]\nprooftypes = [\"dane\"]\n[dns]\nvalidation = \"off\"", "federation.prooftypes"),
        ("[federation]\ndane = \"required\"\nprooftypes = [\"pkix\"]", "federation.dane"),
        (
            "[federation]\ndane = \"required\"\n[[remote]]\nname = \"b.example\"\nprooftypes = [\"pkix\"]",
            "remote.prooftypes"
        ),
        (
            "[federation]\nprooftypes = [\"pkix\"]\n[[remote]]\nname = \"b.example\"\ndane = \"required\"",
            "remote.dane"
        ),
        ("[listen]\ncomponent = [\"[::]:5269\"]", "listen.component"),
        ("[listen]\ns2s = [\"127.0.0.1:1\", \"127.0.0.1:1\"]", "listen.s2s"),
        ("[listen]\ns2s = [\"127.0.0.1:5280\"]", "listen.s2s"),
        ("[listen]\ns2s = [\"[::]:5347\"]", "listen.s2s"), ("[listen]\nhttp = [\"192.0.2.1:5269\"]", "listen.http"),
        ("[listen]\ns2s = [\"0.0.0.0:1\", \"127.0.0.1:1\"]", "listen.s2s"),
        (zone, "dns.zone.servers"),
        (httpsZone + "username = \"u\"", "dns.zone.username"),
        (httpsZone + "username = \"u:p\"\npassword_file = \"u\"", "dns.zone.username"),
        (httpsZone + "password_file = \"u\"", "dns.zone.password_file"),
        (httpsZone + "client_key = \"u\"", "dns.zone.client_key"),
        (plainZone + "username = \"u\"\npassword_file = \"p\"", "dns.zone.servers"),
        (plainZone + plainZone, "dns.zone.name"),
        ("[[dns.zone]]\nservers = [\"192.0.2.1\"]", "dns.zone.name"),
        ("[dns]\nservers = [\"https://dns.example/q\"]\ncleartext = false", "dns.servers"),
        (zone + "servers = [\"tls://192.0.2.1\"]", "dns.zone.servers"),
        // The way to an internal server is not asked for outside (EN-04).
        (zone + "servers = [\"https://dns.c.example/q\"]", "dns.zone.servers"),
        ("[dns]\nservers = [\"https://c.example\"]\n" + plainZone, "dns.servers"),
        (plainZone + "[[dns.zone]]\nname = \"d.example\"\nservers = [\"https://c.example\"]", "dns.zone.servers"),
    ]

    @Test(arguments: contradictions)
    func `a contradiction is one fault that names the key`(text: String, keyPath: String) {
        let found = faults(of: text + "\n" + tenant)
        #expect(found.map(\.keyPath) == [keyPath], "\(found)")
        #expect(found.allSatisfy { $0.line != nil })
    }

    @Test func `listeners may share a port on addresses of their own`() {
        let text = """
            [listen]
            s2s = ["127.0.0.1:1", "127.0.0.2:1", "[::1]:1", "0.0.0.0:2"]
            s2s_direct_tls = ["[::1]:2", "127.0.0.1:0", "127.0.0.1:0"]
            """
        #expect(faults(of: text + tenant) == [])
    }

    @Test func `DP-01: a tls server that nothing authenticates is refused under the strict profile`() {
        func fault(_ server: String, _ more: String = "") -> [String] {
            faults(of: "[dns]\nservers = [\"\(server)\"]\n\(more)\n" + tenant).map(\.keyPath)
        }
        #expect(fault("tls://192.0.2.53") == ["dns.servers"])
        #expect(fault("tls://192.0.2.53", "privacy = \"opportunistic\"") == [])
        #expect(fault("tls://192.0.2.53", "pin_sha256 = [\(Self.pin)]") == [])
        #expect(fault("tls://192.0.2.53#dns.example") == [])
        #expect(fault("https://dns.example@192.0.2.53/q") == [])
        // The pin of [dns] is not that of a zone.
        #expect(
            fault("192.0.2.53", "pin_sha256 = [\(Self.pin)]\n" + Self.zone + "servers = [\"tls://192.0.2.1\"]")
                == ["dns.zone.servers"])
    }

    @Test func `EN-04: a name in a zone that may be learnt is not looked up in clear either`() {
        let server = "https://dns.corp.example/q"
        let learnt = "provisioning_domain = \"pvd.corp.example\"\nprovisioning_zones = [\"corp.example\"]\n"
        func fault(_ text: String) -> [String] { faults(of: "[dns]\n" + text + tenant).map(\.keyPath) }
        #expect(fault("servers = [\"\(server)\"]\n" + learnt) == ["dns.servers"])
        #expect(fault("servers = [\"https://dns.corp.example@192.0.2.53/q\"]\n" + learnt) == [])
        #expect(fault(learnt + Self.zone + "servers = [\"\(server)\"]\n") == ["dns.zone.servers"])
    }

    @Test func `DT-05: pins that mean nothing to a server are a warning`() throws {
        let text = "[dns]\npin_sha256 = [\(Self.pin)]\nservers = [\"tls://192.0.2.53\", \"https://192.0.2.53/q\"]\n"
        #expect(try load(text + tenant).warnings.map(\.keyPath) == ["dns.pin_sha256"])
    }

    @Test func `DP-05: a server whose address could only be looked up in clear is a warning beside others`() throws {
        let text = "[dns]\ncleartext = false\nservers = [\"tls://192.0.2.53#a\", \"https://dns.example/q\"]\n"
        let warnings = try load(text + tenant).warnings
        #expect(warnings.map(\.keyPath) == ["dns.servers"] && warnings.first?.line == 3)
        #expect(warnings.first?.message.contains("https://dns.example/q") == true)
    }

    @Test func `DP-02: a server in clear behind one that has to prove itself is a warning, since it is never asked`()
        throws
    {
        func warnings(_ servers: String, _ more: String = "") throws -> [String] {
            try load("[dns]\nservers = [\(servers)]\n\(more)\n" + tenant).warnings.map(\.description)
        }
        let behind = try warnings("\"tls://192.0.2.53#a\", \"192.0.2.54\", \"127.0.0.1\"")
        #expect(behind.count == 1 && behind.first?.contains("192.0.2.54") == true, "\(behind)")
        #expect(behind.first?.contains("never asked") == true)
        #expect(try warnings("\"192.0.2.54\", \"tls://192.0.2.53#a\"").isEmpty)
        #expect(try warnings("\"tls://192.0.2.53#a\", \"192.0.2.54\"", "privacy = \"opportunistic\"").isEmpty)
        let inside = "[[dns.zone]]\nname = \"c.example\"\nservers = [\"https://d.test@192.0.2.1/q\", \"192.0.2.2\"]"
        #expect(try warnings("\"192.0.2.54\"", inside).count == 1)
    }

    @Test(arguments: ["192.0.2.53", "https://dns.example@192.0.2.53/q"])
    func `DP-01: pins without a server that they could be of are a warning`(server: String) throws {
        let warnings = try load("[dns]\nservers = [\"\(server)\"]\npin_sha256 = [\(Self.pin)]\n" + tenant).warnings
        #expect(warnings.map(\.keyPath) == ["dns.pin_sha256"])
        #expect(warnings.first?.message.contains("tls://") == true)
    }

    @Test func `EN-01: with cleartext off an upstream in clear is refused, the system's included`() {
        for servers in ["[]", "[\"192.0.2.53\"]", "[\"tls://192.0.2.53#a\", \"192.0.2.54\"]"] {
            let found = faults(of: "[dns]\ncleartext = false\nservers = \(servers)\n" + tenant)
            #expect(found.count == 1 && found.allSatisfy { $0.mend.contains("tls://") && $0.line != nil }, "\(servers)")
        }
    }

    @Test func `EN-03: with cleartext off every question in clear is a fault at start`() {
        func fault(_ servers: String, _ more: String = "") -> [String] {
            faults(of: "[dns]\ncleartext = false\nservers = [\(servers)]\n\(more)\n" + tenant).map(\.keyPath)
        }
        #expect(fault("") == ["dns.cleartext"])
        #expect(fault("\"127.0.0.1\"") == ["dns.servers"])
        #expect(fault("\"tls://192.0.2.53#a\"") == [])
        #expect(fault("\"tls://192.0.2.53#a\"", Self.zone + "servers = [\"192.0.2.1\"]") == ["dns.zone.servers"])
    }

    @Test(arguments: ["http://dns.example/dns-query", "HTTP://192.0.2.53", "http://dns.example@192.0.2.53/q"])
    func `DH-03: DNS over HTTP without TLS is refused at its line`(server: String) {
        let found = faults(of: "[dns]\nservers = [\"\(server)\"]\n" + tenant)
        #expect(found.map(\.keyPath) == ["dns.servers"] && found.first?.line == 2)
        #expect(found.first?.mend.contains("https://") == true)
    }

    @Test func `DS-02: [dns] and each zone name a file of trust anchors, and each file is told with its place`() throws
    {
        let text = """
            [dns]
            trust_anchor = "anchors/test.key"
            [[dns.zone]]
            name = "corp.test"
            servers = ["192.0.2.1"]
            trust_anchor = "corp.key"
            """
        let configuration = try load(text + tenant)
        #expect(configuration.dns.trustAnchor == "/etc/ligase/anchors/test.key")
        #expect(configuration.dns.zones.map(\.trustAnchor) == ["/etc/ligase/corp.key"])
        let files = configuration.referencedFiles.filter { $0.purpose == .signedZoneTrustAnchor }
        #expect(files.map(\.keyPath) == ["dns.trust_anchor", "dns.zone.trust_anchor"])
        #expect(files.map(\.position?.line) == [2, 6])
        #expect(try load(tenant).dns.trustAnchor == "/usr/share/dns/root.key")
    }

    @Test func `EN-10: a zone has an anchor of its own, or is declared unsigned, or is judged by the public tree`()
        throws
    {
        func zone(_ more: String) throws -> DNSZone? { try load(Self.plainZone + more + "\n" + tenant).dns.zones.first }
        let anchored = try zone("trust_anchor = \"corp.key\"")
        #expect(anchored?.trustAnchor != nil && anchored?.validation == .local)
        let unsigned = try zone("validation = \"off\"")
        #expect(unsigned?.trustAnchor == nil && unsigned?.validation == .off)
        let neither = try zone("")
        #expect(neither?.trustAnchor == nil && neither?.validation == .local)
    }

    @Test(arguments: ["tls://192.0.2.53:53#a", "tls://[2001:db8::1]:53#a", "tls://192.0.2.53:53"])
    func `DT-01: DNS over TLS on port 53 is refused, in a zone too`(server: String) {
        for table in ["[dns]\n", Self.zone] {
            let found = faults(of: table + "servers = [\"\(server)\"]\n" + tenant)
            #expect(found.map(\.keyPath) == [table == Self.zone ? "dns.zone.servers" : "dns.servers"])
            #expect(found.allSatisfy { $0.message.contains("port 53") })
        }
    }

    @Test func `components beyond loopback are allowed with a warning`() throws {
        let warnings = try load("[listen]\ncomponent = [\"0.0.0.0:5347\"]\n" + tenant).warnings
        #expect(warnings.map(\.keyPath) == ["listen.component"] && warnings.first?.line == 2)
        #expect(try load("[listen]\ncomponent = [\"[::1]:5347\", \"127.8.0.1:5348\"]\n" + tenant).warnings.isEmpty)
    }

    @Test func `dane is a condition besides the prooftypes`() throws {
        #expect(
            try load("[federation]\ndane = \"when-published\"\nprooftypes = [\"pkix\"]\n" + tenant).federation.dane
                == .whenPublished)
        let unvalidated = try load("[dns]\nvalidation = \"off\"\n" + tenant)
        #expect(unvalidated.federation.dane == .whenPublished && unvalidated.daneCondition(under: nil) == .off)
        let zone = "[[dns.zone]]\nname = \"c.example\"\nservers = [\"192.0.2.1\"]\nvalidation = \"local\"\n"
        #expect(
            try load("[dns]\nvalidation = \"off\"\n" + zone + tenant).daneCondition(under: nil) == .whenPublished)
        let required = "[federation]\ndane = \"required\"\nprooftypes = [\"dane\", \"pkix\"]\n"
        #expect(try load(required + tenant).federation.dane == .required)
    }

    @Test func `a remote policy overrides what it names and nothing else`() throws {
        let configuration = try load(
            """
            [federation]
            level = "encrypted"
            key_change = "refuse"
            [[remote]]
            name = "b.example"
            prooftypes = ["pkix"]
            key_change = "log"
            piggybacking = false
            """ + tenant)
        let policy = configuration.federation(under: configuration.remotes.first)
        #expect(policy.level == .encrypted && policy.prooftypes == ["pkix"] && policy.keyChange == .log)
        #expect(!policy.piggybacking && policy.bidirectional)
        #expect(configuration.federation(under: nil) == configuration.federation)
    }

    @Test(arguments: [
        ("b.example", "b.example"), ("x.b.example", "*.b.example"), ("y.x.b.example", "*.x.b.example"),
        ("z.y.x.b.example", "*.x.b.example"), ("example", nil), ("bb.example", nil), ("c.example", nil),
    ])
    func `the most specific policy applies`(name: String, scope: String?) throws {
        let text = ["*.b.example", "b.example", "*.x.b.example"].map { "[[remote]]\nname = \"\($0)\"\n" }.joined()
        let index = RemotePolicyIndex(try load(text + tenant).remotes)
        #expect(index.policy(for: try DomainName(name))?.scope.description == scope)
    }

    @Test func `settings are compared apart from their place`() throws {
        let first = try load(tenant).domains[0]
        let second = try load("\n\n" + tenant).domains[0]
        #expect(first != second && first.hasSameSettings(as: second))
    }
}
