import Administration
import DNSMessages
import Demonstration
import FoundationEssentials
import Glibc
import TestSupport
import TransportSecurity

/// A signed tree of names on loopback, and `ligasectl` with a configuration that asks there.
final class SignedNames {
    let directory: TemporaryDirectory
    let hierarchy: SignedHierarchy
    let server: EmbeddedNameServer

    /// Zones that tests have in common.
    static let zones: [SignedZone] = [
        .signed("test"),
        .signed(
            "a.test",
            """
            _xmpp-server._tcp SRV 10 0 5269 host
            _xmpps-server._tcp SRV 10 0 5270 host
            host A 127.0.0.1
            host AAAA ::1
            _5269._tcp.host TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
            alias CNAME host
            """),
        .unsigned("b.test", "_xmpp-server._tcp SRV 10 0 5269 host\nhost A 127.0.0.2"),
        .signed("bad.test", "_xmpp-server._tcp SRV 10 0 5269 host\nhost A 127.0.0.3", flaw: .brokenSignatures()),
        .signed("old.test", "host A 127.0.0.4", flaw: .expired),
        .signed("none.test", "_xmpp-server._tcp SRV 0 0 0 .\n_xmpps-server._tcp SRV 0 0 0 ."),
        .signed("plain.test", "@ A 127.0.0.5"),
    ]

    /// - Parameter identity: With it the server takes TLS as well.
    init(_ zones: [SignedZone] = SignedNames.zones, identity: TLSIdentity? = nil) throws {
        directory = try TemporaryDirectory(named: "names")
        hierarchy = try SignedHierarchy(zones, now: Int64(time(nil)))
        server = try EmbeddedNameServer(zones: hierarchy.zones, identity: identity)
        try directory.write(hierarchy.anchorText, to: "root.key")
    }

    deinit { server.stop() }

    /// The `[dns]` table that asks this server, and trusts this root.
    var settings: String { "[dns]\nservers = [\"\(server.address)\"]\ntrust_anchor = \"root.key\"\n" }

    /// Runs `ligasectl` with a configuration of `settings` alone.
    func control(
        _ arguments: String..., settings: String? = nil
    ) throws -> (status: TestSupport.ExitStatus, output: String) {
        let file = try directory.write(settings ?? self.settings, to: "ligase.toml")
        let output = directory.path(of: "output")
        unlink(output)
        let process = try ChildProcess(
            "\(Program.directoryOfThisProgram())/ligasectl", arguments: arguments + ["--config", file],
            logFile: output)
        return (try process.waitForExit(within: .seconds(30)), process.log)
    }

    /// Runs `ligasectl resolve --json`.
    func resolve(
        _ arguments: String..., settings: String? = nil
    ) throws -> (status: TestSupport.ExitStatus, report: LookupReport) {
        let file = try directory.write(settings ?? self.settings, to: "ligase.toml")
        return try document(["resolve"] + arguments, file)
    }

    /// Runs `ligasectl check --json`.
    func check(
        _ arguments: String..., settings: String? = nil
    ) throws -> (status: TestSupport.ExitStatus, report: CheckReport) {
        let file = try directory.write(settings ?? self.settings, to: "ligase.toml")
        return try document(["check"] + arguments, file)
    }

    private func document<Report: Decodable>(
        _ arguments: [String], _ file: String
    ) throws -> (status: TestSupport.ExitStatus, report: Report) {
        let output = directory.path(of: "output.json")
        unlink(output)
        let process = try ChildProcess(
            "\(Program.directoryOfThisProgram())/ligasectl", arguments: arguments + ["--json", "--config", file],
            logFile: output)
        let status = try process.waitForExit(within: .seconds(30))
        do {
            return (status, try JSONDecoder().decode(Report.self, from: Data(process.log.utf8)))
        } catch {
            throw HarnessFailure.programEnded("ligasectl (\(status))", log: process.log)
        }
    }
}
