import Configuration
import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing
import XMPPModel

@testable import Assembly

/// The secret of dialback keys: from the configuration, or made once and kept.
@Suite("The dialback secret of a daemon")
struct DialbackSecretFileTests {
    private static let secret = String(repeating: "0123456789abcdef", count: 4)

    @Test func `DK-03: of many starts at once all go on with one secret, which only its owner may read`() throws {
        let directory = try TemporaryDirectory(named: "dialback-secret")
        let path = directory.path(of: "dialback-secret")
        #expect(try DialbackSecretFile.load(path) == nil)
        let outcomes = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 32) { number in
            let digits = String(number, radix: 16)
            let own = String(repeating: "a", count: 64 - digits.utf8.count) + digits
            do {
                let isOurs = try DialbackSecretFile.keep(own, at: path)
                let kept = try DialbackSecretFile.load(path)
                outcomes.withLock { $0.append(isOurs && kept != own ? "replaced" : kept ?? "none") }
            } catch {
                outcomes.withLock { $0.append("\(error)") }
            }
        }
        #expect(Set(outcomes.withLock { $0 }).count == 1 && outcomes.withLock { $0.count } == 32)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(access(path + ".new", F_OK) != 0)
    }

    /// What may stand in the file.
    static let contents: [(content: String, isSecret: Bool)] = [
        (secret, true), (secret + "\n", true), ("", false), ("\n", false), (String(secret.dropLast()), false),
        (secret + "0", false), (secret + "\n\n", false), (secret.uppercased(), false),
        ("g" + secret.dropFirst(), false),
        (String(repeating: "\0", count: 64), false), (String(repeating: "0", count: 5000), false),
    ]

    @Test(arguments: contents)
    func `DK-03: a damaged secret is an error that says what to mend, and stays as it is`(
        content: String, isSecret: Bool
    ) throws {
        let installation = try Installation()
        try installation.directory.makeDirectory("state")
        let path = try installation.directory.write(content, to: "state/dialback-secret")
        chmod(path, 0o600)
        let file = try installation.configure(installation.configuration())
        do throws(ConfigurationErrors) {
            let loaded = try LoadedConfiguration(file: file)
            #expect(isSecret && !loaded.dialbackSecrets.isUnkept && loaded.dialbackSecrets.standard == Self.secret)
            #expect(loaded.warnings.isEmpty)
        } catch {
            #expect(!isSecret)
            #expect(error.errors.map(\.keyPath) == ["federation.dialback_secret"])
            #expect(error.errors.allSatisfy { $0.file == path && $0.mend.contains("backup") })
        }
        #expect(try WholeFile.read(path) == Array(content.utf8))
    }

    @Test func `DK-03: checking a configuration makes no secret, and one that others can read is a warning`() throws {
        let installation = try Installation()
        let file = try installation.configure(installation.configuration())
        let first = try LoadedConfiguration(file: file)
        let second = try LoadedConfiguration(file: file)
        #expect(access(installation.directory.path(of: "state"), F_OK) != 0)
        #expect(first.dialbackSecrets.isUnkept && first.dialbackSecrets.standard != second.dialbackSecrets.standard)
        try installation.directory.makeDirectory("state")
        chmod(try installation.directory.write(Self.secret, to: "state/dialback-secret"), 0o644)
        #expect(try LoadedConfiguration(file: file).warnings.map { $0.contains("chmod 600") } == [true])
        // A configured one counts alone; a guessable one is a warning.
        let configured = installation.configuration(settings: "[federation]\ndialback_secret = \"s3cret\"")
        let loaded = try LoadedConfiguration(file: installation.configure(configured))
        #expect(loaded.dialbackSecrets.standard == "s3cret" && !loaded.dialbackSecrets.isUnkept)
        #expect(loaded.warnings.contains { $0.contains("dialback_secret") && $0.contains("short") })
    }

    @Test func `DK-03: the secret survives a restart and a reload, and a damaged one stops both`() async throws {
        try await script {
            let installation = try Installation()
            let path = installation.directory.path(of: "state/dialback-secret")
            var server = try installation.start()
            let made = try WholeFile.read(path)
            #expect(made.count == 65)
            let peer = try installation.authenticated()
            try installation.configure(
                installation.configuration(settings: "[federation]\ndialback_secret = \"\(Self.secret)\""))
            _ = try server.control("reload")
            #expect(try server.control("streams").contains("b.example") && peer.certificate != nil)
            #expect(server.stop() == .exited(code: 0))
            #expect(try WholeFile.read(path) == made)

            server = try installation.start()
            #expect(try WholeFile.read(path) == made)
            try installation.directory.write("broken", to: "state/dialback-secret")
            #expect(throws: HarnessFailure.self) { try server.control("reload") }
            #expect(server.process.log.contains("dialback-secret: federation.dialback_secret: is damaged"))
            #expect(server.stop() == .exited(code: 0))
        }
    }
}
