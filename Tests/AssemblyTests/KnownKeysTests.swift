import Glibc
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// What the daemon keeps of remote domains' keys, and what an operator does about them.
@Suite("keys of remote domains, kept")
struct KnownKeysTests {
    private static func configuration(_ installation: Installation, _ response: String) -> String {
        installation.configuration(settings: "[federation]\nprooftypes = [\"pkix\"]\nkey_change = \"\(response)\"")
    }

    private static func file(_ installation: Installation) -> String {
        installation.directory.path(of: "state/known-keys")
    }

    private static func content(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func `TP-09: keys are known after a restart, and a changed one is refused until the operator accepts it`()
        async throws
    {
        try await script {
            let installation = try Installation()
            let configuration = Self.configuration(installation, "refuse")
            let first = try installation.issue("b.example")
            var server = try LigaseServer(configuration: configuration, in: installation.directory)
            let known = try InboundPeer(
                at: installation.s2s, from: "b.example", to: "a.example", presenting: first.identity())
            let list = try server.control("keys")
            #expect(list.contains("b.example") && list.contains("pkix") && list.contains("first"), "\(list)")
            #expect(server.stop() == .exited(code: 0) && known.certificate != nil)
            #expect(Self.content(Self.file(installation)).hasSuffix("end 1\n"))
            var status = stat()
            #expect(stat(Self.file(installation), &status) == 0 && status.st_mode & 0o777 == 0o600)

            server = try LigaseServer(configuration: configuration, in: installation.directory)
            #expect(try server.control("keys", "b.example") == list)
            // Another key by the same authority.
            #expect(throws: (any Error).self) { try installation.authenticated() }
            try server.process.wait(for: "the word to the operator", within: .seconds(10)) {
                server.process.log.contains("ligasectl keys forget b.example")
            }
            #expect(
                try server.control("keys", "forget", "b.example", "--json").contains("\"forgotten\""))
            let second = try installation.issue("b.example")
            let accepted = try InboundPeer(
                at: installation.s2s, from: "b.example", to: "a.example", presenting: second.identity())
            let now = try server.control("keys", "list", "b.example", "--json")
            // JSON may write a slash with a backslash before it.
            let pin = Base64.encode(second.certificate.subjectPublicKeyInfoSHA256).prefix { $0 != "/" }
            #expect(now.contains("\"pin_sha256\"") && now.contains(pin), "\(now)")
            #expect(accepted.certificate != nil)
            #expect(try server.control("associations").contains("verdict of pkix: proven"))
        }
    }

    @Test func `TP-09: a damaged file is set aside and told of, and where keys are demanded nothing begins without it`()
        async throws
    {
        try await script {
            let installation = try Installation()
            var server = try LigaseServer(
                configuration: Self.configuration(installation, "log"), in: installation.directory)
            let known = try installation.authenticated()
            #expect(server.stop() == .exited(code: 0) && known.certificate != nil)
            let whole = Self.content(Self.file(installation))
            try installation.directory.write(String(whole.dropLast(9)), to: "state/known-keys")
            // Nobody is believed anew without a word.
            #expect(throws: (any Error).self) {
                try LigaseServer(
                    configuration: Self.configuration(installation, "refuse"), in: installation.directory)
            }
            #expect(Self.exists(Self.file(installation)) && !Self.exists(Self.file(installation) + ".damaged"))
            server = try LigaseServer(
                configuration: Self.configuration(installation, "log"), in: installation.directory)
            #expect(server.process.log.contains("the keys of remote domains cannot be read"))
            #expect(!Self.exists(Self.file(installation)) && Self.exists(Self.file(installation) + ".damaged"))
            #expect(try server.control("keys").contains("no keys"))
            let again = try installation.authenticated()
            #expect(try server.control("keys").contains("b.example") && again.certificate != nil)
        }
    }

    @Test func `TP-09: of a domain of which nothing is known nothing is forgotten`() async throws {
        try await script {
            let installation = try Installation()
            let server = try installation.start()
            #expect(throws: (any Error).self) { try server.control("keys", "forget", "c.example") }
        }
    }
}
