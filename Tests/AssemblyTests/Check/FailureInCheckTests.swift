import Administration
import DNSMessages
import Demonstration
import TestSupport
import Testing
import TransportSecurity

/// `ligasectl check` and servers that do not do as they should.
@Suite("ligasectl check: failures", .serialized)
struct FailureInCheckTests {
    private typealias Manner = ScriptedXMPPServer.Manner

    private static let stream =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
        + " id='x' version='1.0'>"
    private static let failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

    private static func error(_ condition: String, _ text: String = "") -> String {
        stream + "<stream:error><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-streams'>\(text)</\(condition)>"
            + "</stream:error></stream:stream>"
    }

    /// A manner that is wrong, and what is to be told of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let verdict: CheckReport.Verdict
        /// The name of the step that fails, its words, and what to do.
        let step: String
        let words: [String]
        let result: CheckReport.Result
        let change: @Sendable (inout ScriptedXMPPServer.Manner) -> Void

        init(
            _ description: String, _ verdict: CheckReport.Verdict, _ step: String, _ words: [String],
            _ result: CheckReport.Result = .failed,
            change: @escaping @Sendable (inout ScriptedXMPPServer.Manner) -> Void
        ) {
            testDescription = description
            self.verdict = verdict
            self.step = step
            self.words = words
            self.result = result
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("refuses STARTTLS, offers dialback", .verified, "starttls", ["not offered", "refused", "switch TLS on"]) {
            $0.clear = Manner.dialback
            $0.proceed = failure
            $0.grantsTLS = false
        },
        Case("refuses STARTTLS and offers nothing", .none, "starttls", ["refused"]) {
            $0.clear = ""
            $0.proceed = failure
            $0.grantsTLS = false
        },
        Case("grants what it did not offer", .authenticated, "starttls", ["strip the offer"], .warning) {
            $0.clear = ""
        },
        Case("says nothing", .none, "stream", ["in time", "stream features", "silent"]) { $0.clear = nil },
        Case("says nothing under TLS", .none, "stream", ["in time", "stream features"]) { $0.protected = nil },
        Case("does not answer STARTTLS", .none, "stream", ["answer to STARTTLS"]) { $0.proceed = nil },
        Case("sends junk", .none, "stream", ["cannot be read", "belongs to an XMPP server"]) {
            $0.inPlaceOfClear = "HTTP/1.1 400 Bad Request\r\n\r\n"
        },
        Case("speaks to clients", .none, "stream", ["header is wrong", "jabber:server"]) {
            $0.namespace = "jabber:client"
        },
        Case("is of another domain", .none, "stream", ["invalid-from"]) { $0.from = "z.test" },
        Case("says not who it is", .authenticated, "stream", ["no from"], .warning) { $0.from = nil },
        Case("does not know the domain", .none, "stream", ["host-unknown", "has to serve c.test"]) {
            $0.inPlaceOfProtected = error("host-unknown")
        },
        Case("sends us elsewhere", .none, "stream", ["see-other-host", "z.test:5269", "not followed"], .warning) {
            $0.inPlaceOfProtected = error("see-other-host", "z.test:5269")
        },
        Case("wants to know who asks", .authenticated, "stream", ["improper-addressing", "--from"], .warning) {
            $0.inPlaceOfProtected = error("improper-addressing")
        },
        Case("has features without end", .none, "stream", ["policy-violation"]) {
            $0.protected = String(repeating: "<x xmlns='urn:x'/>", count: 4000)
        },
        Case("sends stanzas", .none, "stream", ["stanzas"]) {
            $0.inPlaceOfProtected =
                "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='c.test' "
                + "id='x' version='1.0'><message from='c.test' to='a.test'/>"
        },
        Case("is of before 1.0", .verified, "stream", ["before 1.0"]) {
            $0.inPlaceOfClear =
                "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
                + "xmlns:db='jabber:server:dialback' id='x'>"
        },
        Case("cannot do TLS", .none, "tls", ["TLS alert", "server's log"]) { $0.identity = nil },
    ]

    @Test(arguments: cases)
    func `CC-02: a server that does not do as it should is told with what to mend, and by whom`(failure: Case)
        async throws
    {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            var manner = Manner(identity: try issued.identity(), from: "c.test")
            failure.change(&manner)
            let server = try ScriptedXMPPServer(manner)
            let scene = try CheckScene(
                "_xmpp-server._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1", authority: authority)
            let (exit, report) = try scene.check()
            #expect(
                report.verdict == failure.verdict && exit == .exited(code: failure.verdict.exitCode), "\(report.lines)")
            let step = report.step(failure.step + " ")
            #expect(step?.result == failure.result, "\(report.lines)")
            let told = "\(step?.detail ?? "") \(step?.fix ?? "")"
            for words in failure.words {
                #expect(told.contains(words), "\(words): \(report.lines)")
            }
            let policy = report.step("policy")
            #expect(policy?.result == (failure.verdict == .authenticated ? .ok : .failed), "\(report.lines)")
        }
    }

    @Test func `DA-07: an endpoint whose TLSA records are withheld is not contacted`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let server = try ScriptedXMPPServer(Manner(identity: try issued.identity(), from: "c.test"))
            let names = try SignedNames([
                .signed("test"),
                .signed(
                    "c.test", "_xmpp-server._tcp SRV 1 0 \(server.port) host.d.test\nhost A 127.0.0.1"),
                .signed(
                    "d.test",
                    "host A 127.0.0.1\n_\(server.port)._tcp.host TLSA \(CheckScene.record(issued.certificate))",
                    flaw: .brokenSignatures([.tlsa])),
            ])
            let (exit, report) = try names.check("c.test")
            #expect(exit == .exited(code: 2), "\(report.lines)")
            let step = report.step("connection host.d.test")
            #expect(step?.result == .failed && step?.detail.contains("not tried") == true, "\(report.lines)")
            #expect(server.transcript.isEmpty)
            #expect(report.targets.first?.verdict == CheckReport.Verdict.none)
        }
    }

    @Test func `a dead address beside one that answers is a warning, and both are told`() async throws {
        try await script {
            let authority = try CheckScene.makeAuthority()
            let issued = try authority.issue(CheckScene.template("c.test", [.dns("c.test")]))
            let server = try ScriptedXMPPServer(Manner(identity: try issued.identity(), from: "c.test"))
            let scene = try CheckScene(
                "_xmpp-server._tcp SRV 1 0 \(server.port) host\nhost A 127.0.0.1\nhost A 127.99.99.98",
                authority: authority)
            let (exit, report) = try scene.check()
            #expect(exit == .exited(code: 0), "\(report.lines)")
            #expect(report.targets.count == 2)
            let dead = report.steps.first { $0.name.contains("(127.99.99.98)") }
            #expect(dead?.result == .warning && dead?.fix?.contains("take the address out") == true, "\(report.lines)")
        }
    }
}
