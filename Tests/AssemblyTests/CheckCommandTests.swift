import Administration
import DNSMessages
import Demonstration
import TestSupport
import Testing

/// `ligasectl check`, the program itself: its DNS part.
@Suite("ligasectl check", .serialized)
struct CheckCommandTests {
    private static func step(_ name: String, of report: CheckReport) -> CheckReport.Step? {
        report.steps.first { $0.name == name }
    }

    @Test func `DN-01: a signed domain is shown with its chain, records, targets and TLSA records`() async throws {
        try await script {
            let names = try SignedNames()
            let (_, report) = try names.check("a.test")
            #expect(report.domain == "a.test" && report.service == "xmpp-server")
            for name in [
                "name", "dnssec a.test", "srv _xmpps-server._tcp.a.test", "srv _xmpp-server._tcp.a.test",
                "addresses host.a.test", "tlsa _5269._tcp.host.a.test",
            ] {
                #expect(Self.step(name, of: report)?.result == .ok, "\(name): \(report.steps)")
            }
            #expect(Self.step("tlsa _5270._tcp.host.a.test", of: report)?.result == .absent)
            let targets = Set(report.targets.map { "\($0.address ?? "") \($0.port) \($0.directTLS)" })
            #expect(
                targets == [
                    "127.0.0.1 5269 false", "::1 5269 false", "127.0.0.1 5270 true", "::1 5270 true",
                ])
            #expect(Set(report.prooftypes.keys) == ["pkix", "dane", "posh", "dialback"])
            #expect(Set(names.server.queries.map(\.question.type)).isSuperset(of: [.srv, .a, .aaaa, .tlsa, .dnskey]))
        }
    }

    @Test func `DN-08: a bogus answer ends the way, with what to do about it, and exit status 2`() async throws {
        try await script {
            let names = try SignedNames()
            let (exit, report) = try names.check("bad.test")
            #expect(exit == .exited(code: 2) && report.verdict == .none)
            let step = Self.step("srv _xmpp-server._tcp.bad.test", of: report)
            #expect(step?.result == .failed && step?.detail.contains("bogus") == true, "\(report.steps)")
            #expect(step?.fix?.contains("operator of") == true)
            #expect(report.targets.isEmpty)
            #expect(!names.server.queries.contains { $0.question.type == .a })
        }
    }

    @Test func `an unsigned domain is a warning that says who has to sign`() async throws {
        try await script {
            let names = try SignedNames()
            let (_, report) = try names.check("b.test")
            let step = Self.step("srv _xmpp-server._tcp.b.test", of: report)
            #expect(step?.result == .warning && step?.fix?.contains("sign the zone") == true, "\(report.steps)")
            #expect(report.targets.map(\.address) == ["127.0.0.2"])
        }
    }

    @Test(arguments: [
        ("none.test", "targets", CheckReport.Result.failed), ("plain.test", "fallback", .warning),
        ("nobody.test", "dnssec nobody.test", .failed), ("192.0.2.1", "name", .warning),
    ])
    func `DN-05: what a domain does not offer is a step of its own`(
        domain: String, step: String, result: CheckReport.Result
    ) async throws {
        try await script {
            let names = try SignedNames()
            let (exit, report) = try names.check(domain)
            #expect(exit == .exited(code: 2))
            #expect(Self.step(step, of: report)?.result == result, "\(report.steps)")
            if domain == "none.test" { #expect(!names.server.queries.contains { $0.question.type == .a }) }
        }
    }

    @Test func `DN-13: an alias as a target is followed, with a warning`() async throws {
        try await script {
            let names = try SignedNames([
                .signed("test"),
                .signed("c.test", "_xmpp-server._tcp SRV 10 0 5269 alias\nalias CNAME host\nhost A 127.0.0.1"),
            ])
            let (_, report) = try names.check("c.test")
            let step = Self.step("alias alias.c.test", of: report)
            #expect(step?.result == .warning && step?.detail.contains("host.c.test") == true, "\(report.steps)")
            #expect(Self.step("tlsa _5269._tcp.host.c.test", of: report)?.result == .absent)
        }
    }

    @Test func `the client service has names and a port of its own`() async throws {
        try await script {
            let names = try SignedNames([
                .signed("test"), .signed("c.test", "_xmpp-client._tcp SRV 1 0 5222 host\nhost A 127.0.0.1"),
                .signed("d.test", "@ A 127.0.0.1"),
            ])
            let (_, report) = try names.check("c.test", "--service", "xmpp-client")
            #expect(Self.step("srv _xmpp-client._tcp.c.test", of: report)?.result == .ok, "\(report.steps)")
            let fallback = try names.check("d.test", "--service", "xmpp-client").report
            #expect(fallback.targets.map(\.port) == [5222])
        }
    }
}
