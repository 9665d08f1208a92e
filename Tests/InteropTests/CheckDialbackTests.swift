import TestSupport
import Testing

extension Interop {
    /// Scenario `22-check-dialback`: foreign servers that dial back the daemon on whose behalf `check` asks.
    @Suite("22: ligasectl check and dialback")
    struct CheckDialbackTests {
        private static let folder = "22-check-dialback"

        private static func check(_ pairing: Pairing, _ kind: ForeignServer.Kind, secret: String? = nil) throws
            -> String
        {
            // Prosody says nothing when it cannot connect.
            var text = try pairing.network.file("ligase.toml") + "\n[timeouts]\ndialback = 3\n"
            if let secret {
                text = text.replacing("[federation]", with: "[federation]\ndialback_secret = \"\(secret)\"")
            }
            let file = try pairing.network.directory.write(text, to: "check.toml")
            let output = try Program.run(
                "\(Program.directoryOfThisProgram())/ligasectl",
                ["--config", file, "check", "\(kind.rawValue).example", "--from", "ligase.example"])
            return output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd], [Pairing.Identity.good, .selfSigned])
        func `DB-24: The daemon confirms the key of a check, whatever comes of EXTERNAL`(
            kind: ForeignServer.Kind, identity: Pairing.Identity
        ) throws {
            try Pairing(Self.folder, with: kind, zone: "\(kind.rawValue).zone", ligase: identity, hasDialback: true).run
            { pairing in
                let text = try Self.check(pairing, kind)
                #expect(text.contains("the server takes it"), "\(text)")
                #expect(text.contains("dialback proven"), "\(text)")
                let ways = identity == .good ? "by EXTERNAL and by dialback" : "takes ligase.example by dialback"
                #expect(text.contains(ways), "\(text)")
                #expect(text.contains("\(kind.rawValue).example (xmpp-server): authenticated (0 failed"), "\(text)")
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `DB-24: A key of another secret is told as forged, and who has to mend it`(
            kind: ForeignServer.Kind
        ) throws {
            try Pairing(Self.folder, with: kind, zone: "\(kind.rawValue).zone", hasDialback: true).run { pairing in
                let text = try Self.check(pairing, kind, secret: "another secret of another node")
                #expect(text.contains("forged") && text.contains("with the same dialback_secret"), "\(text)")
                #expect(
                    text.contains("takes ligase.example by EXTERNAL ") && text.contains("dialback failed"), "\(text)")
            }
        }

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `DB-19: A daemon that does not run is told as not reached, and who has to mend it`(
            kind: ForeignServer.Kind
        ) throws {
            let pairing = try Pairing(Self.folder, with: kind, zone: "\(kind.rawValue).zone", hasDialback: true)
            try pairing.network.showingLogs {
                #expect(pairing.ligase.stop() == .exited(code: 0))
                let text = try Self.check(pairing, kind)
                #expect(text.contains("check the SRV records of ligase.example"), "\(text)")
                #expect(
                    text.contains("takes ligase.example by EXTERNAL ") && text.contains("dialback failed"), "\(text)")
            }
        }
    }
}
