import DNSMessages
import DomainAssociation
import Glibc
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// `ligasectl posh` and `ligasectl tlsa`, the program itself, beside openssl and ldns.
@Suite("publishing commands", .serialized)
struct PublishingCommandTests {
    /// What a command said.
    struct Outcome {
        let status: TestSupport.ExitStatus
        let output: String
        let errors: String
    }

    private let installation: Installation
    private var directory: TemporaryDirectory { installation.directory }

    init() throws { installation = try Installation() }

    private func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    private func run(_ arguments: [String]) throws -> Outcome {
        let words = try ["\(Program.directoryOfThisProgram())/ligasectl"] + arguments
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        for name in ["output", "errors"] { unlink(directory.path(of: name)) }
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", "cd '\(directory.path)' && exec \(line) >output 2>errors"],
            logFile: directory.path(of: "log"))
        let status = try process.waitForExit(within: .seconds(30))
        return Outcome(
            status: status, output: contents(ofFile: directory.path(of: "output")),
            errors: contents(ofFile: directory.path(of: "errors")))
    }

    /// What a pipe of openssl says, without white space.
    private func shell(_ command: String) throws -> String {
        try Program.run("/bin/sh", ["-c", "cd '\(directory.path)' && \(command)"]).filter { !$0.isWhitespace }
    }

    private func issue(
        _ name: String, _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> IssuedCertificate {
        let now = Int64(time(nil))
        var root = CertificateTemplate(
            commonName: "\(name) root", names: [], notBefore: now - 1000 * 86_400, notAfter: now + 86_400)
        root.isAuthority = true
        var leaf = CertificateTemplate(
            commonName: name, names: [.dns("a.example")], notBefore: now - 86_400, notAfter: now + 86_400)
        change(&leaf)
        let authority = try TransportSecurity.CertificateAuthority.root(root)
        let issued = try authority.issue(leaf)
        let key = String(decoding: issued.privateKeyPEM, as: UTF8.self)
        let own = String(decoding: issued.certificatePEM, as: UTF8.self)
        let above = String(decoding: authority.issued.certificatePEM, as: UTF8.self)
        // The key first, as in files that servers take as one.
        try directory.write(key + own + above, to: "\(name).pem")
        try directory.write(own, to: "\(name)-only.pem")
        try directory.write(above, to: "\(name)-root.pem")
        return issued
    }

    @Test(arguments: ["rfc7711", "draft"])
    func `PO-23: a document of two certificates proves both, and has no private part`(format: String) async throws {
        let current = try issue("current") { $0.key = .rsa(2048) }
        let next = try issue("next")
        let outcome = try run("posh", "current.pem", "next.pem", "--format", format, "--expires", "3600")
        #expect(outcome.status == .exited(code: 0), "\(outcome.errors)")
        for issued in [current, next] {
            #expect(try POSHProof.proves(issued.certificate, by: outcome.output, of: "a.example"))
        }
        #expect(try POSHProof.material(outcome.output).lifetime == 3600)
        for secret in ["PRIVATE", "\"d\"", "\"p\"", "\"q\"", "\"k\""] { #expect(!outcome.output.contains(secret)) }
        let path = format == "draft" ? "posh._xmpp-server._tcp.json" : "posh/xmpp-server.json"
        #expect(outcome.errors.contains("https://DOMAIN/.well-known/\(path)"))
        #expect(
            try run("posh", "current.pem", "next.pem", "--format", format, "--expires", "3600", "--json").output
                == outcome.output)
    }

    @Test func `PO-23: openssl says the same digests, most relevant certificate first`() async throws {
        _ = try issue("current")
        _ = try issue("next")
        let digests = try ["current", "next"].flatMap { name in
            try ["sha256", "sha512"].map { hash in
                try shell("openssl x509 -in \(name)-only.pem -outform der | openssl dgst -\(hash) -binary | base64 -w0")
            }
        }
        let text = try run("posh", "current.pem", "next.pem").output
        let places = digests.compactMap { text.ranges(of: "\"\($0)\"").first?.lowerBound }
        #expect(places.count == 4 && places == places.sorted())
        #expect(text.contains("\"expires\": 86400"))
        // The thumbprint of the draft's form is SHA-1, in the alphabet for URLs.
        let thumbprint = try shell(
            "openssl x509 -in next-only.pem -outform der | openssl dgst -sha1 -binary | base64 -w0 | tr '+/' '-_' | tr -d ="
        )
        #expect(try run("posh", "next.pem", "--format", "draft").output.contains("\"x5t\": \"\(thumbprint)\""))
    }

    @Test(arguments: [
        (3, 1, 1, "x509 -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -r"),
        (1, 0, 2, "x509 -outform der | openssl dgst -sha512 -r"),
        (3, 0, 0, "x509 -outform der | od -An -v -tx1 | tr -d ' \\n'"),
    ])
    func `PO-23: TLSA records are those that openssl computes, and ldns reads them`(
        usage: Int, selector: Int, matching: Int, command: String
    ) async throws {
        let issued = try issue("host")
        let outcome = try run(
            "tlsa", "host.pem", "--usage", "\(usage)", "--selector", "\(selector)", "--matching", "\(matching)",
            "--port", "5270", "Host.Example.")
        #expect(outcome.status == .exited(code: 0), "\(outcome.errors)")
        let expected = try shell("cat host-only.pem | openssl \(command) | cut -d' ' -f1")
        #expect(outcome.output == "_5270._tcp.host.example. IN TLSA \(usage) \(selector) \(matching) \(expected)\n")
        let record = try #require(try MasterFile.read(outcome.output).first)
        guard case .tlsa(let tlsa) = record.data else {
            Issue.record("\(record)")
            return
        }
        #expect(tlsa.usage == UInt8(usage) && tlsa.selector == UInt8(selector) && tlsa.matching == UInt8(matching))
        let whole = issued.certificate.der
        #expect(matching > 0 || tlsa.data == whole)
        #expect(outcome.errors.contains("DNSSEC") && outcome.errors.contains("host.example"))
    }

    @Test(arguments: [0, 2])
    func `PO-23: usages of an authority are about the authority's certificate`(usage: Int) async throws {
        _ = try issue("host")
        let digest = try shell("openssl x509 -outform der < host-root.pem | openssl dgst -sha256 -r | cut -d' ' -f1")
        let outcome = try run("tlsa", "host.pem", "--usage", "\(usage)", "--selector", "0", "host.example")
        #expect(outcome.output == "_5269._tcp.host.example. IN TLSA \(usage) 0 1 \(digest)\n")
        let alone = try run("tlsa", "host-only.pem", "--usage", "\(usage)", "host.example")
        #expect(alone.status == .exited(code: 65) && alone.output.isEmpty && alone.errors.contains("authority"))
    }

    @Test func `PO-23: a roll-over has a record for each certificate, each once`() async throws {
        _ = try issue("current")
        _ = try issue("next")
        let outcome = try run("tlsa", "current.pem", "next.pem", "current-only.pem", "host.example")
        #expect(try MasterFile.read(outcome.output).count == 2)
        let json = try run("tlsa", "current.pem", "next.pem", "host.example", "--json")
        #expect(json.errors.isEmpty && json.output.hasPrefix("{"))
        for line in outcome.output.split(separator: "\n") { #expect(json.output.contains("\"\(line)\"")) }
    }

    @Test func `PO-23: a certificate out of its time is published with a warning`() async throws {
        let now = Int64(time(nil))
        _ = try issue("old") {
            $0.notBefore = now - 900 * 86_400
            $0.notAfter = now - 86_400
        }
        _ = try issue("new") {
            $0.notBefore = now + 3600
            $0.notAfter = now + 7200
        }
        let outcome = try run("posh", "old.pem", "new.pem")
        #expect(outcome.status == .exited(code: 0) && outcome.output.contains("fingerprints"))
        #expect(outcome.errors.contains("warning: old.pem: the certificate of CN=old expired at "))
        #expect(outcome.errors.contains("warning: new.pem: the certificate of CN=new is not valid before "))
    }

    @Test func `PO-23: a reference sends everyone elsewhere`() async throws {
        let outcome = try run("posh", "--url", "https://hosting.example.net/a.example.json", "--expires", "60")
        #expect(outcome.status == .exited(code: 0))
        #expect(outcome.output.contains("\"url\": \"https://hosting.example.net/a.example.json\""))
        #expect(outcome.output.contains("\"expires\": 60") && !outcome.output.contains("fingerprints"))
    }

    @Test(arguments: [
        "64 posh",
        "64 posh default.pem --url https://b.example/",
        "64 posh --url http://b.example/",
        "64 posh default.pem --expires 0",
        "64 posh default.pem --expires 99999999",
        "64 posh default.pem --format jwk",
        "66 posh missing.pem",
        "65 posh default.key",
        "66 posh default.pem missing.pem",
        "64 tlsa default.pem",
        "64 tlsa",
        "66 tlsa missing.pem host.example",
        "65 tlsa default.key host.example",
        "64 tlsa default.pem 192.0.2.1",
        "64 tlsa default.pem _5269._tcp.host.example",
        "64 tlsa default.pem host.example --usage 4",
        "64 tlsa default.pem host.example --selector 2",
        "64 tlsa default.pem host.example --matching 3",
        "64 tlsa default.pem host.example --port 0",
    ])
    func `PO-23: what cannot be published is refused without output`(codeAndArguments: String) async throws {
        let words = codeAndArguments.split(separator: " ").map(String.init)
        let code = try #require(Int32(words[0]))
        let outcome = try run(Array(words.dropFirst()))
        #expect(outcome.status == .exited(code: code), "\(outcome.errors)")
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
        #expect(!outcome.errors.contains("PRIVATE KEY"))
    }
}
