import DNSMessages
import Demonstration
import Glibc
import TestSupport
import Testing

/// The daemon's resolver as an operator sees it.
@Suite("the resolver of a running daemon", .serialized)
struct ResolvingDaemonTests {
    private static func start(_ installation: Installation, _ dns: String) throws -> LigaseServer {
        try LigaseServer(configuration: Self.text(installation, dns), in: installation.directory)
    }

    private static func text(_ installation: Installation, _ dns: String) throws -> String {
        var text = installation.configuration(domains: "[[domain]]\nname = \"a.example\"\nbackend = \"builtin\"\n")
        text.replace("servers = [\"127.0.0.1:9\"]\nvalidation = \"off\"\n", with: dns + "\n")
        return text
    }

    /// Has the daemon look for a domain that it cannot reach.
    private static func seek(_ domain: String, by server: LigaseServer) {
        #expect(throws: Never.self) { try server.control("ping", "a.example", domain) }
    }

    @Test func `EN-03, EN-12: status names each server, how it is asked, and how it fared`() async throws {
        try await script {
            let installation = try Installation()
            let names = try SignedNames()
            try installation.directory.write(names.hierarchy.anchorText, to: "root.key")
            let server = try Self.start(
                installation,
                """
                servers = ["\(names.server.address)"]
                trust_anchor = "root.key"
                [[dns.zone]]
                name = "corp.test"
                servers = ["tls://127.0.0.1:1#dns.corp.test"]
                """)
            #expect(try server.control("status", "--json").contains("\"state\" : \"unused\""))
            Self.seek("bad.test", by: server)
            Self.seek("x.corp.test", by: server)
            let document = try server.control("status", "--json")
            for text in [
                "\"name\" : \"\(names.server.address)\"", "\"transport\" : \"cleartext\"", "\"transport\" : \"dot\"",
                "\"profile\" : \"strict\"", "\"state\" : \"answering\"", "\"state\" : \"failing\"", "corp.test",
                "\"dnssec\" : \"",
            ] {
                #expect(document.contains(text), "\(text): \(document)")
            }
            let text = try server.control("status")
            #expect(text.contains("NAME SERVER") && text.contains("last failure: "), "\(text)")
            // What is internal is asked at its own server, though that one is down (EN-04).
            #expect(!names.server.queries.contains { $0.question.name.description.hasSuffix("corp.test") })
        }
    }

    @Test func `DN-08: a forged answer for a signed domain is told in the log, once a minute at most`() async throws {
        try await script {
            let installation = try Installation()
            let names = try SignedNames()
            try installation.directory.write(names.hierarchy.anchorText, to: "root.key")
            let server = try Self.start(
                installation,
                "servers = [\"\(names.server.address)\"]\ntrust_anchor = \"root.key\"\n"
                    // Its web server would be looked up.
                    + "[federation]\nprooftypes = [\"dane\", \"pkix\"]")
            Self.seek("bad.test", by: server)
            Self.seek("bad.test", by: server)
            let told = server.process.log.split(separator: "\n").filter { $0.contains("does not validate") }
            #expect(told.count == 1 && told.first?.contains(" warning ") == true, "\(server.process.log)")
            #expect(!names.server.queries.contains { $0.question.type == .a })
        }
    }

    @Test func `what is learnt of the trust anchors is kept in the state directory, and counts for resolve`()
        async throws
    {
        try await script {
            let installation = try Installation()
            let names = try SignedNames()
            try installation.directory.write(names.hierarchy.anchorText, to: "root.key")
            let dns = "servers = [\"\(names.server.address)\"]\ntrust_anchor = \"root.key\""
            let server = try Self.start(installation, dns)
            let state = installation.directory.path(of: "state/root.trust-anchor")
            #expect(eventually(within: .seconds(10)) { contents(ofFile: state).contains("valid since") })
            #expect(try server.control("resolve", "host.a.test", "A").contains("secure (NOERROR)"))
            #expect(server.stop() == .exited(code: 0))
            // Keys that others may have written are not believed.
            chmod(state, 0o660)
            let wary = try Self.start(installation, dns)
            #expect(
                eventually(within: .seconds(10)) { wary.process.log.contains("others than its owner may write it") })
            #expect(wary.stop() == .exited(code: 0))
            // It comes back with what it knows, and damage is told rather than believed.
            try installation.directory.write("damaged", to: "state/root.trust-anchor")
            let again = try Self.start(installation, dns)
            #expect(eventually(within: .seconds(10)) { again.process.log.contains("damaged in line 1") })
            #expect(eventually(within: .seconds(10)) { contents(ofFile: state).contains("valid since") })
        }
    }

    @Test func `a reload changes servers and anchors without a restart, and drops nothing else`() async throws {
        try await script {
            let installation = try Installation()
            let former = try SignedNames()
            let fresh = try SignedNames()
            try installation.directory.write(former.hierarchy.anchorText, to: "root.key")
            let server = try Self.start(
                installation, "servers = [\"\(former.server.address)\"]\ntrust_anchor = \"root.key\"")
            let kept = try installation.authenticated()
            Self.seek("b.test", by: server)
            #expect(!former.server.queries.isEmpty)
            former.server.clearQueries()

            try installation.directory.write(fresh.hierarchy.anchorText, to: "root.key")
            try installation.configure(
                Self.text(
                    installation, "servers = [\"\(fresh.server.address)\"]\ntrust_anchor = \"root.key\""))
            let reply = try server.control("reload")
            #expect(!reply.contains("restart"), "\(reply)")
            Self.seek("plain.test", by: server)
            #expect(former.server.queries.isEmpty && !fresh.server.queries.isEmpty)
            let status = try server.control("status", "--json")
            #expect(status.contains("\(fresh.server.address)") && !status.contains("\(former.server.address)"))
            #expect(!server.process.log.contains("does not validate"), "\(server.process.log)")
            try kept.send("</stream:stream>")
            try kept.read(until: "</stream:stream>")

            // A fault leaves the servers as they are.
            try installation.directory.write("nonsense", to: "root.key")
            #expect(throws: HarnessFailure.self) { try server.control("reload") }
            #expect(try server.control("status", "--json").contains("\(fresh.server.address)"))
        }
    }
}
