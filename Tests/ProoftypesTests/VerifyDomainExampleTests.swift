import Prooftypes
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// The program of Examples/verify-domain, which imports nothing but the library.
@Suite("The example of the library")
struct VerifyDomainExampleTests {
    private static func ask(_ arguments: [String], in folder: TemporaryDirectory) throws -> (
        TestSupport.ExitStatus, String
    ) {
        let process = try ChildProcess(
            "\(Program.directoryOfThisProgram())/VerifyDomainExample", arguments: arguments,
            logFile: folder.path(of: "log"))
        return (try process.waitForExit(within: .seconds(20)), process.log)
    }

    @Test func `PT-01: it proves a domain by authority, by record and by document, and nothing else`() async throws {
        try await script {
            let folder = try TemporaryDirectory()
            let authority = try CertificateAuthority.root(
                CertificateTemplate(
                    commonName: "Root", notBefore: 0, notAfter: 4_000_000_000, isAuthority: true))
            let issued = try authority.issue(
                CertificateTemplate(
                    commonName: "a.example", names: [.dns("a.example")], notBefore: 0, notAfter: 4_000_000_000))
            try folder.write(String(decoding: issued.chainPEM, as: UTF8.self), to: "chain.pem")
            try folder.write(String(decoding: authority.issued.certificatePEM, as: UTF8.self), to: "authorities.pem")
            try folder.write(
                POSHPublication.document(.rfc7711, of: [issued.certificate], expires: 60), to: "posh.json")
            let files = [folder.path(of: "chain.pem"), folder.path(of: "authorities.pem")]
            let record = try #require(TLSAPublication.record(for: issued.certificate))
            let right = "3 1 1 \(Hexadecimal.encode(record.data))"
            let wrong = "3 1 1 \(Hexadecimal.encode(Digest.sha256([])))"

            for (more, domain, status, text) in [
                ([], "a.example", Int32(0), "a.example is proved by pkix"),
                ([], "b.example", 1, "b.example is not proved"),
                (["host.b.example:5269", right], "b.example", 0, "b.example is proved by dane"),
                (["host.b.example:5269", wrong], "b.example", 1, "b.example is not proved"),
                (["host.a.example:5269", wrong], "a.example", 1, "a.example is not proved"),
                ([folder.path(of: "posh.json")], "b.example", 0, "b.example is proved by posh"),
            ] as [([String], String, Int32, String)] {
                let (exit, log) = try Self.ask([domain] + files + more, in: folder)
                #expect(exit == .exited(code: status), "\(domain) \(more): \(log)")
                #expect(log.contains(text), "\(domain) \(more): \(log)")
            }
            let (exit, log) = try Self.ask(["a.example"], in: folder)
            #expect(exit == .exited(code: 2) && log.contains("DOMAIN CHAIN AUTHORITIES"))
        }
    }

    @Test func `its package asks for nothing but the library`() {
        let text = contents(
            ofFile: #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
                + "/Examples/verify-domain/Package.swift")
        #expect(text.ranges(of: ".product(").count == 1)
        #expect(text.contains(".product(name: \"DomainNameAssociation\", package: \"ligase\")"))
    }
}
