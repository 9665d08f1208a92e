import Assembly
import Configuration
import Glibc
import TestSupport
import Testing

/// What is wrong with a configuration and the files that it names.
@Suite("checking a configuration")
struct ConfigurationCheckTests {
    private static func check(_ installation: Installation) throws -> (status: TestSupport.ExitStatus, log: String) {
        let program = try "\(Program.directoryOfThisProgram())/ligased"
        let process = try ChildProcess(
            program, arguments: ["--check-config", "--config", installation.directory.path(of: "ligase.toml")],
            logFile: installation.directory.path(of: "check.log"))
        let status = try process.waitForExit(within: .seconds(20))
        return (status, process.log)
    }

    @Test func `a sound configuration is accepted with exit status 0`() async throws {
        try await script {
            let installation = try Installation()
            try installation.configure(installation.configuration())
            let (status, log) = try Self.check(installation)
            #expect(status == .exited(code: 0), "\(log)")
            #expect(log.contains("no errors"))
            #expect(!installation.s2s.accepts)
        }
    }

    @Test func `every fault is told at once, with its place, and the exit status is 78`() async throws {
        try await script {
            let installation = try Installation()
            try installation.install(installation.issue("b.example"), as: "b")
            try installation.install(installation.issue("c.example"), as: "c")
            try installation.directory.write("", to: "empty")
            try installation.directory.write("no certificate", to: "bad-authority.pem")
            let domains = """
                [[domain]]
                name = "a.example"
                certificate = "missing.pem"
                private_key = "missing.key"
                secret = "1"
                [[domain]]
                name = "b.example"
                certificate = "b.pem"
                private_key = "c.key"
                secret = "1"
                [[domain]]
                name = "c.example"
                secret_file = "unreadable"
                [[domain]]
                name = "d.example"
                secret_file = "empty"
                [[remote]]
                name = "e.example"
                trust_anchors = "bad-authority.pem"
                levle = "authenticated"
                """
            let text = installation.configuration(domains: domains).split(
                separator: "\n", omittingEmptySubsequences: false)
            try installation.configure(text.joined(separator: "\n"))
            let (status, log) = try Self.check(installation)
            #expect(status == .exited(code: 78), "\(log)")
            for (key, value, file) in [
                ("certificate", "missing.pem", "missing.pem"), ("private_key", "c.key", "b.pem"),
                ("secret_file", "unreadable", "unreadable"), ("secret_file", "empty", "empty"),
                ("trust_anchors", "bad-authority.pem", "bad-authority.pem"),
            ] {
                let line = text.firstIndex { $0.contains("\(key) = \"\(value)\"") }.map { $0 + 1 } ?? 0
                #expect(
                    log.split(separator: "\n").contains {
                        $0.contains("ligase.toml:\(line)") && $0.contains(key) && $0.contains(file)
                    }, "\(key) in line \(line): \(log)")
            }
            // A fault of the text hides none of the files.
            #expect(log.contains("levle"))
        }
    }

    @Test(arguments: ["tls.trust_anchors", "tls.crl"])
    func `a file of [tls] that is not what it should be is reported at its key`(key: String) async throws {
        try await script {
            let installation = try Installation()
            try installation.directory.write("garbage", to: "bad.pem")
            var text = installation.configuration()
            switch key {
            case "tls.crl": text.replace("trust_anchors =", with: "crl = [\"bad.pem\"]\ntrust_anchors =")
            default: text.replace("\"authority.pem\"", with: "\"bad.pem\"")
            }
            let file = try installation.configure(text)
            do {
                _ = try LoadedConfiguration(file: file)
                Issue.record("accepted")
            } catch let errors as ConfigurationErrors {
                #expect(errors.errors.map(\.keyPath) == [key])
                #expect(errors.errors.allSatisfy { $0.line != nil && !$0.mend.isEmpty })
            }
        }
    }

    @Test func `an address in use is no fault of the configuration`() async throws {
        try await script {
            let installation = try Installation()
            let holder = try ByteListener(at: installation.s2s)
            try installation.configure(installation.configuration())
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligased",
                arguments: ["--config", installation.directory.path(of: "ligase.toml")],
                logFile: installation.directory.path(of: "start.log"))
            #expect(try process.waitForExit(within: .seconds(20)) == .exited(code: EX_OSERR))
            #expect(process.log.contains("\(holder.endpoint)"))
        }
    }
}
