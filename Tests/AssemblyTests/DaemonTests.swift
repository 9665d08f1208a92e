import Glibc
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// The program as the service manager and the operator know it.
@Suite("a running daemon")
struct DaemonTests {
    @Test func `the service manager hears of start, watchdog, reload and stop`() async throws {
        try await script {
            let installation = try Installation()
            let server = try installation.start(environment: ["WATCHDOG_USEC": "200000"])
            try server.waitForNotification("WATCHDOG=1")
            server.process.signal(SIGHUP)
            try server.waitForNotification("RELOADING=1")
            try server.waitForNotification("READY=1")
            server.process.signal(SIGTERM)
            try server.waitForNotification("STOPPING=1")
            #expect(try server.process.waitForExit(within: .seconds(20)) == .exited(code: 0))
        }
    }

    @Test func `XS-24: SIGTERM closes streams and components in order and ends with 0`() async throws {
        try await script {
            let installation = try Installation()
            let server = try installation.start()
            let component = try ComponentClient("a.example", secret: "sekrit", at: installation.component)
            let polite = try installation.authenticated()
            let silent = try installation.authenticated(from: "c.example")
            let start = ContinuousClock.now
            server.process.signal(SIGTERM)
            #expect(try polite.read(until: "</stream:stream>").contains("<system-shutdown"))
            try polite.send("<message from='x@b.example' to='u@a.example'><body>late</body></message></stream:stream>")
            #expect(try component.receive().text(of: "body") == "late")
            #expect(try silent.read(until: "</stream:stream>").contains("<system-shutdown"))
            #expect(try component.receive().contains("system-shutdown"))
            #expect(try server.process.waitForExit(within: .seconds(20)) == .exited(code: 0))
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func `SIGHUP takes new certificates and domains and keeps streams that did not change`() async throws {
        try await script {
            let installation = try Installation()
            let server = try installation.start()
            let kept = try installation.authenticated()
            let former = kept.certificate
            let fresh = try installation.issue("a.example", "c.example")
            try installation.install(fresh, as: "default")
            let domains = ["a.example", "c.example"].map { "[[domain]]\nname = \"\($0)\"\nsecret = \"sekrit\"\n" }
            try installation.configure(installation.configuration(domains: domains.joined()))
            server.process.signal(SIGHUP)
            try server.waitForNotification("READY=1")
            let added = try installation.authenticated(to: "c.example")
            #expect(added.certificate == fresh.certificate && added.certificate != former)
            let component = try ComponentClient("a.example", secret: "sekrit", at: installation.component)
            try kept.send("<message from='x@b.example' to='u@a.example'><body>kept</body></message>")
            #expect(try component.receive().text(of: "body") == "kept")
            // One with a fault changes nothing.
            try installation.configure(installation.configuration(domains: "[[domain]]\nname = 1"))
            server.process.signal(SIGHUP)
            try server.waitForNotification("READY=1")
            // The tool reads the file too, to find the socket.
            try installation.configure(installation.configuration())
            #expect(try server.control("tenants").contains("c.example"))
            server.process.signal(SIGHUP)
            try server.waitForNotification("READY=1")
            #expect(try added.read(until: "</stream:stream>").contains("<reset"))
            #expect(!(try server.control("tenants").contains("c.example")))
        }
    }

    @Test func `tenants that were added survive a restart, and those of a file are not removed`() async throws {
        try await script {
            let installation = try Installation()
            var server = try installation.start()
            let file = try installation.directory.write(
                (0..<500).map { "[[domain]]\nname = \"t\($0).example\"\nbackend = \"builtin\"\n" }.joined(),
                to: "added.toml")
            _ = try server.control("tenants", "add", file)
            #expect(try server.control("tenants").contains("t499.example"))
            #expect(throws: HarnessFailure.self) { try server.control("tenants", "remove", "a.example") }
            _ = try server.control("tenants", "remove", "t499.example")
            server.process.signal(SIGHUP)
            try server.waitForNotification("READY=1")
            #expect(server.stop() == .exited(code: 0))
            server = try installation.start()
            let tenants = try server.control("tenants")
            #expect(tenants.contains("t498.example") && !tenants.contains("t499.example"))
            #expect(tenants.contains("a.example"))
            _ = try installation.authenticated(to: "a.example")
            // Nothing is taken of a list with a fault.
            let bad = try installation.directory.write(
                "[[domain]]\nname = \"u.example\"\nbackend = \"builtin\"\n[[domain]]\nname = \"v.example\"\n",
                to: "bad.toml")
            #expect(throws: HarnessFailure.self) { try server.control("tenants", "add", bad) }
            #expect(!(try server.control("tenants").contains("u.example")))
        }
    }

    @Test func `the operator's tool has an answer to each command`() async throws {
        try await script {
            let installation = try Installation()
            let server = try LigaseServer(
                configuration: installation.configuration(
                    domains: ["a.example", "c.example"].map { "[[domain]]\nname = \"\($0)\"\nbackend = \"builtin\"\n" }
                        .joined()), in: installation.directory)
            let peer = try installation.authenticated()
            #expect(try server.control("status", "--json").contains("\"streams\""))
            #expect(try server.control("streams").contains("b.example"))
            let associations = try server.control("associations", "b.example", "--json")
            for field in ["\"pkix\"", "\"inbound\"", "\"authenticated\"", "\"external\"", "sha256"] {
                #expect(associations.contains(field), "\(associations)")
            }
            #expect(try server.control("ping", "a.example", "c.example").contains("c.example"))
            #expect(throws: HarnessFailure.self) { try server.control("ping", "nobody.example", "b.example") }
            _ = try server.control("reload")
            _ = try server.control("close", "b.example")
            try peer.read(until: "</stream:stream>")
            #expect(throws: HarnessFailure.self) { try server.control("close", "s999") }
            try peer.send("</stream:stream>")
            #expect(try eventually(within: .seconds(5)) { !(try server.control("streams").contains("b.example")) })
            #expect(server.stop() == .exited(code: 0))
            #expect(access(installation.directory.path(of: "control.sock"), F_OK) != 0)
        }
    }
}
