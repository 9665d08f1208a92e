import Administration
import DNSMessages
import Demonstration
import Glibc
import TestSupport
import Testing

/// `ligasectl resolve`, the program itself.
@Suite("ligasectl resolve", .serialized)
struct ResolveCommandTests {
    @Test(arguments: [
        ("_xmpp-server._tcp.a.test", "SRV", LookupReport.Status.secure, "NOERROR", 1),
        ("host.a.test", "txt", .secure, "NOERROR", 0), ("nobody.a.test", "A", .secure, "NXDOMAIN", 0),
        ("alias.a.test", "A", .secure, "NOERROR", 1), ("HOST.B.TEST.", "A", .insecure, "NOERROR", 1),
        ("host.bad.test", "A", .bogus, "SERVFAIL", 0), ("host.old.test", "A", .bogus, "SERVFAIL", 0),
    ])
    func `DS-01: the exit code tells the status, and the document says why`(
        name: String, type: String, status: LookupReport.Status, code: String, count: Int
    ) async throws {
        try await script {
            let names = try SignedNames()
            let (exit, report) = try names.resolve(name, type)
            #expect(exit == .exited(code: status.exitCode), "\(report)")
            #expect(report.status == status && report.rcode == code && report.records.count == count, "\(report)")
            #expect(!report.reason.isEmpty)
            #expect(report.server == "\(names.server.address)" && report.transport == "udp")
            #expect(report.chain.isEmpty == false && report.chain.first?.zone == ".")
        }
    }

    @Test func `records are in presentation form, and people read the same as programs`() async throws {
        try await script {
            let names = try SignedNames()
            let (status, output) = try names.control("resolve", "_5269._tcp.host.a.test", "TLSA")
            #expect(status == .exited(code: 0), "\(output)")
            let record = "_5269._tcp.host.a.test. 300 IN TLSA 3 1 1 " + String(repeating: "0", count: 64)
            #expect(output.lowercased().contains(record.lowercased()), "\(output)")
            #expect(output.contains("TLSA: secure (NOERROR)") && output.contains("a.test secure"))
        }
    }

    @Test func `DS-01: an answer that nobody gives is indeterminate`() async throws {
        try await script {
            let names = try SignedNames()
            names.server.setFault(.serverFailure)
            let (exit, report) = try names.resolve("host.a.test", "A")
            #expect(exit == .exited(code: 3) && report.status == .indeterminate, "\(report)")
            #expect(report.records.isEmpty && !report.reason.isEmpty)
        }
    }

    @Test func `DS-03: signatures are judged as of the time that is given`() async throws {
        try await script {
            let names = try SignedNames()
            let week: Int64 = 7 * 86_400
            let later = Timestamp(secondsSince1970: Int64(time(nil)) + week)
            let (exit, report) = try names.resolve("host.a.test", "A", "--at", "\(later)")
            #expect(exit == .exited(code: 2) && report.status == .bogus, "\(report)")
            // What has expired by now was good then, but for the zones above, which had not begun.
            let now = Timestamp(secondsSince1970: Int64(time(nil)) + 3_600)
            #expect(try names.resolve("host.a.test", "A", "--at", "\(now)").report.status == .secure)
        }
    }

    @Test func `EN-10: a private anchor makes a zone secure, a declaration insecure, and neither bogus`() async throws {
        try await script {
            // The public tree denies that the internal zone is there: its parent is signed and delegates nothing.
            let outside = try SignedNames([.signed("test"), .signed("corp.test", "www A 192.0.2.1")])
            let inside = try SignedNames([.signed("in.corp.test", "host A 10.0.0.1")])
            let zone = """
                [[dns.zone]]
                name = "in.corp.test"
                servers = ["\(inside.server.address)"]

                """
            let name = try DNSName("in.corp.test")
            // The key that comes next may stand there already.
            let next = "in.corp.test. IN DS 1 13 2 \(String(repeating: "00", count: 32))\n"
            try outside.directory.write(inside.hierarchy.anchorText(of: name) + "\n" + next, to: "corp.key")
            for (more, status) in [
                ("trust_anchor = \"corp.key\"", LookupReport.Status.secure), ("validation = \"off\"", .insecure),
                ("", .bogus),
            ] {
                let report = try outside.resolve(
                    "host.in.corp.test", "A", settings: outside.settings + zone + more
                ).report
                #expect(report.status == status, "\(more): \(report)")
                if status == .bogus {
                    #expect(report.fix?.hasPrefix("in.corp.test is a [[dns.zone]]") == true, "\(report)")
                }
            }
            #expect(!outside.server.queries.contains { $0.question.name.description.hasPrefix("host.in") })
        }
    }

    @Test func `EN-04: an alias into a zone whose server is down says which server that is`() async throws {
        try await script {
            let names = try SignedNames([.signed("test"), .signed("a.test", "away CNAME host.in.test.")])
            let zone = """
                [[dns.zone]]
                name = "in.test"
                servers = ["127.0.0.1:1"]
                validation = "off"

                """
            let (exit, report) = try names.resolve("away.a.test", "A", settings: names.settings + zone)
            #expect(exit == .exited(code: 3) && report.server == "127.0.0.1:1", "\(report)")
            #expect(report.reason.contains("127.0.0.1:1: "), "\(report)")
        }
    }

    @Test func `faults of a configuration are those of name resolution, whether or not it hosts a domain`()
        async throws
    {
        try await script {
            let names = try SignedNames()
            try names.directory.write("[dns]\nprivacy = \"loose\"\n", to: "wrong.toml")
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligasectl",
                arguments: ["--config", names.directory.path(of: "wrong.toml"), "resolve", "a.test", "A"],
                logFile: names.directory.path(of: "wrong.log"))
            #expect(try process.waitForExit(within: .seconds(20)) == .exited(code: 78), "\(process.log)")
            #expect(process.log.contains("dns.privacy") && !process.log.contains("[[domain]]"), "\(process.log)")
        }
    }

    @Test func `DS-05: where not even the anchor's zone can be proved, no operator of a domain is blamed`() async throws
    {
        try await script {
            let names = try SignedNames([.signed("test"), .signed("a.test", "host A 192.0.2.1")])
            names.server.setFault(.emptyAnswer, for: .dnskey, at: .root)
            let (exit, report) = try names.resolve("host.a.test", "A")
            #expect(exit == .exited(code: 2) && report.reason.contains(". has no DNSKEY"), "\(report)")
            #expect(report.fix?.contains("name a server in [dns] that passes DNSSEC on") == true, "\(report)")
        }
    }

    @Test func `DS-02: an anchor of one zone counts for it alone, and several anchors may stand in a file`()
        async throws
    {
        try await script {
            let names = try SignedNames()
            func anchor(_ zone: String) throws -> String { names.hierarchy.anchorText(of: try DNSName(zone)) }
            try names.directory.write(try anchor("a.test"), to: "root.key")
            #expect(try names.resolve("host.a.test", "A").report.status == .secure)
            #expect(try names.resolve("plain.test", "A").report.status == .insecure)
            try names.directory.write(try anchor("a.test") + "; another\n" + anchor("plain.test"), to: "root.key")
            #expect(try names.resolve("plain.test", "A").report.status == .secure)
        }
    }

    @Test(arguments: [
        ["resolve", "a..test", "A"], ["resolve", "a.test", "NONSENSE"], ["resolve", "a.test", "ANY"],
        ["resolve", "a.test", "TYPE41"], ["resolve", "a.test"], ["resolve", "a.test", "A", "--at", "yesterday"],
        ["resolve", String(repeating: "a", count: 64) + ".test", "A"], ["check", "a..test"],
        ["check", "a.test", "--service", "smtp"], ["check", "a.test", "--from", "@"],
    ])
    func `what cannot be asked is a wrong command line`(arguments: [String]) async throws {
        try await script {
            let directory = try TemporaryDirectory(named: "usage")
            let process = try ChildProcess(
                "\(Program.directoryOfThisProgram())/ligasectl", arguments: arguments,
                logFile: directory.path(of: "log"))
            #expect(try process.waitForExit(within: .seconds(20)) == .exited(code: 64), "\(process.log)")
            if arguments[0] == "check" { #expect(process.log.contains("Usage: ligasectl check "), "\(process.log)") }
            withExtendedLifetime(directory) {}
        }
    }

    @Test func `an unusable configuration is exit status 78, with place and mend`() async throws {
        try await script {
            let names = try SignedNames()
            let (status, output) = try names.control(
                "resolve", "a.test", "A", settings: "[dns]\nservers = [\"127.0.0.1\"]\ntrust_anchor = \"missing.key\"\n"
            )
            #expect(status == .exited(code: 78), "\(output)")
            #expect(output.contains("ligase.toml:3") && output.contains("dns.trust_anchor"))
            #expect(output.contains("dns-root-data"))
        }
    }
}
