import Administration
import Assembly
import Configuration
import DomainAssociation
import Federation
import Glibc
import Prooftypes
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// The worked example in whole daemons: the list of prooftypes has one more line, and nothing else knows of it.
@Suite("The worked example of a prooftype, on the network", .timeLimit(.minutes(5)))
struct PinFileFederationTests {
    private static let prooftypes: [any ProoftypeKind.Type] = AllProoftypes.kinds + [PinFileKind.self]

    @Test func `PT-01: a prooftype of one folder proves a pair of domains, and associations tells by what`()
        async throws
    {
        let folder = try TemporaryDirectory()
        let pins = try Self.certificates(for: ["a.example", "b.example"], in: folder)
        _ = try folder.write(pins.map { domain, pin in "\(domain) \(pin)\n" }.joined(), to: "pins.txt")
        let told = Told()
        let log = open(folder.path(of: "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        let receiving = try Self.daemon("b.example", in: folder, log: log, told)
        try await receiving.start()
        let address = try #require(receiving.addresses(of: "s2s").first)
        let dialling = try Self.daemon(
            "a.example", in: folder, log: log, told,
            more: "[[remote]]\nname = \"b.example\"\nservers = [\"\(address)\"]\n")
        try await dialling.start()

        // No answer is due to it, which would need a way back.
        let stanza = Stanza(
            .message, from: "x@a.example", to: "y@b.example", id: "1", type: "headline", content: Array("<body/>".utf8))
        dialling.service.submit([stanza], from: try DomainName("a.example"))
        try await told.delivery()

        for (daemon, remote) in [(receiving, "a.example"), (dialling, "b.example")] {
            let associations = await daemon.service.associations(with: nil)
            // Both directions, on one stream.
            #expect(associations.map { $0.remote.description } == [remote, remote])
            #expect(associations.map(\.prooftype) == ["pin-file", "pin-file"])
            let evidence = try #require(associations.first).evidence
            #expect(evidence["pin"] == pins[remote])
            #expect(evidence["file"] == folder.path(of: "pins.txt"))
        }
        await dialling.stop()
        await receiving.stop()
    }

    @Test(
        arguments: [
            ("prooftypes = [\"pin-file\"]", "", "pin-file.file"),
            ("prooftypes = [\"pin-file\"]", "[pin-file]\nfile = \"missing.txt\"", "pin-file.file"),
            ("prooftypes = [\"pin-file\"]", "[pin-file]\nfile = \"bad.txt\"", "pin-file.file"),
            ("prooftypes = [\"pin-file\"]", "[pin-file]\nfile = 7", "pin-file.file"),
            ("prooftypes = [\"pin-file\"]", "[pin-file]\nfile = \"pins.txt\"\nfiel = \"pins.txt\"", "pin-file.fiel"),
            ("prooftypes = [\"pin-fiel\"]", "", "federation.prooftypes"),
        ])
    func `its settings are checked like all others`(prooftypes: String, section: String, key: String) throws {
        let folder = try TemporaryDirectory()
        _ = try Self.certificates(for: ["a.example"], in: folder)
        try folder.write("a.example =\n", to: "bad.txt")
        try folder.write("", to: "pins.txt")
        try folder.write(
            Self.configuration("a.example", in: folder, prooftypes: prooftypes) + section, to: "a.example.toml")
        do {
            _ = try LoadedConfiguration(file: folder.path(of: "a.example.toml"), prooftypes: Self.prooftypes)
            Issue.record("accepted")
        } catch {
            #expect(error.errors.map(\.keyPath).contains(key), "\(error.errors)")
            #expect(error.errors.allSatisfy { !$0.mend.isEmpty })
        }
    }

    @Test func `a program without it knows neither its name nor its section`() throws {
        let folder = try TemporaryDirectory()
        _ = try Self.certificates(for: ["a.example"], in: folder)
        try folder.write("", to: "pins.txt")
        try folder.write(
            Self.configuration("a.example", in: folder) + "[pin-file]\nfile = \"pins.txt\"\n", to: "a.example.toml")
        do {
            _ = try LoadedConfiguration(file: folder.path(of: "a.example.toml"))
            Issue.record("accepted")
        } catch {
            #expect(Set(error.errors.map(\.keyPath)).isSuperset(of: ["federation.prooftypes", "pin-file"]))
        }
    }

    // MARK: - The daemons

    private static func configuration(
        _ domain: String, in folder: TemporaryDirectory, prooftypes: String = "prooftypes = [\"pin-file\"]"
    ) -> String {
        """
        state_directory = "\(folder.path)/\(domain)"

        [listen]
        s2s = ["127.0.0.1:0"]
        s2s_direct_tls = []
        component = []
        http = []
        control = "\(folder.path)/\(domain).sock"

        [federation]
        \(prooftypes)
        dane = "off"

        [dns]
        validation = "off"

        [[domain]]
        name = "\(domain)"
        backend = "builtin"
        certificate = "\(domain).pem"
        private_key = "\(domain).key"

        """ + "\n"
    }

    private static func daemon(
        _ domain: String, in folder: TemporaryDirectory, log: Int32, _ told: Told, more: String = ""
    ) throws -> EmbeddedDaemon {
        try folder.write(
            configuration(domain, in: folder) + "[pin-file]\nfile = \"pins.txt\"\n" + more, to: "\(domain).toml")
        return try EmbeddedDaemon(
            configuration: "\(folder.path)/\(domain).toml", logDescriptor: log, prooftypes: prooftypes
        ) { told.hear($0) }
    }

    /// Certificates of authorities that nobody trusts, and the pins of their keys.
    private static func certificates(for domains: [String], in folder: TemporaryDirectory) throws -> [String: String] {
        var pins: [String: String] = [:]
        for domain in domains {
            let now = Int64(time(nil))
            let authority = try CertificateAuthority.root(
                CertificateTemplate(
                    commonName: "Nobody", notBefore: now - 60, notAfter: now + 3_600, isAuthority: true))
            let issued = try authority.issue(
                CertificateTemplate(commonName: "unnamed", names: [], notBefore: now - 60, notAfter: now + 3_600))
            try folder.write(String(decoding: issued.chainPEM, as: UTF8.self), to: "\(domain).pem")
            try folder.write(String(decoding: issued.privateKeyPEM, as: UTF8.self), to: "\(domain).key")
            let leaf = try #require(try Certificate.chain(pem: issued.chainPEM).first)
            pins[domain] = Base64.encode(leaf.subjectPublicKeyInfoSHA256)
        }
        return pins
    }

    /// Whether the stanza arrived.
    private final class Told: Sendable {
        private let deliveries = AsyncStream.makeStream(of: Void.self)

        func hear(_ fact: FederationFact) {
            guard case .received = fact else { return }
            deliveries.continuation.yield()
        }

        func delivery() async throws {
            var iterator = deliveries.stream.makeAsyncIterator()
            _ = await iterator.next()
        }
    }
}
