import TestSupport
import Testing

extension Interop {
    /// Scenario `14-prosody-dane`: Prosody, which looks TLSA records up when it dials, in signed zones.
    @Suite("14: Prosody with TLSA records")
    struct ProsodyDANETests {
        private static let scenario = "14-prosody-dane"
        private static let issued = SignedPairing.Side(name: "ligase.example", isIssued: true, published: .none)
        private static let selfSigned = SignedPairing.Side(name: "ligase.example", isIssued: false, published: .own)

        private static func prosody(
            _ name: String = "prosody.example", isIssued: Bool, _ published: SignedPairing.PublishedKey,
            isSigned: Bool = true
        ) -> SignedPairing.Side {
            SignedPairing.Side(name: name, isIssued: isIssued, published: published, isSigned: isSigned)
        }

        private static func sendFromLigase(_ pairing: SignedPairing) throws {
            try pairing.ligaseSide.send(
                "<message from='a@ligase.example' to='b@prosody.example' id='d1'><body>Hello</body></message>")
        }

        private static func sendFromProsody(_ pairing: SignedPairing) throws {
            try pairing.prosodySide.send(
                "<message from='b@prosody.example' to='a@ligase.example' id='d2'><body>Hello</body></message>")
        }

        private static func owner(_ pairing: SignedPairing) -> String {
            "_\(pairing.prosodyPort)._tcp.\(SignedPairing.prosodyHost)"
        }

        // MARK: - Keys that are published

        @Test(arguments: [false, true])
        func `DA-06, DA-11, DA-21: Prosody's self-signed key is proved when it is dialled and when it dials`(
            directTLS: Bool
        ) throws {
            try SignedPairing(
                Self.scenario, directTLS: directTLS, ligase: Self.issued, prosody: Self.prosody(isIssued: false, .own)
            ).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.prosodySide)
                for (direction, mechanism) in [("outbound", "server-identity"), ("inbound", "external")] {
                    let found = try #require(pairing.associations(direction).first)
                    #expect(found.contains(#""mechanism":"\#(mechanism)","prooftype":"dane""#), "\(found)")
                    #expect(found.contains("TLSA311at\(Self.owner(pairing))"), "\(found)")
                    #expect(found.contains(#""secure_delegation":true"#), "\(found)")
                    #expect(found.contains(#""expires":"20"#), "\(found)")
                }
                #expect(pairing.prosody.logs("Accepting SASL EXTERNAL identity from ligase.example"))
            }
        }

        @Test(arguments: [false, true])
        func `DA-11, DA-21: Prosody proves Ligase's self-signed key, and is proved by its own`(
            directTLS: Bool
        ) throws {
            try SignedPairing(
                Self.scenario, directTLS: directTLS, ligase: Self.selfSigned,
                prosody: Self.prosody(isIssued: false, .own)
            ).run { pairing in
                try Self.sendFromProsody(pairing)
                #expect(try pairing.ligaseSide.receive().attribute("id") == "d2")
                #expect(pairing.prosody.logs("Enabling DANE with 1 TLSA records"))
                #expect(pairing.prosody.logs("certificate chain validation result: valid"))
                let found = try #require(pairing.associations("inbound").first)
                #expect(found.contains(#""mechanism":"external","prooftype":"dane""#), "\(found)")
                #expect(found.contains("TLSA311at\(Self.owner(pairing))"), "\(found)")
            }
        }

        // MARK: - Keys that are not the published ones

        @Test(arguments: [false, true])
        func `DA-08: A server that an authority vouches for is refused where another key is published`(
            directTLS: Bool
        ) throws {
            try SignedPairing(
                Self.scenario, directTLS: directTLS, ligase: Self.issued, prosody: Self.prosody(isIssued: true, .other)
            ).run { pairing in
                try Self.sendFromLigase(pairing)
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "d1" && bounce.contains("remote-server-timeout"), "\(bounce)")
                let text = bounce.stanzaError?.text ?? ""
                #expect(text.contains("prosody.example"), "\(text)")
                #expect(text.contains("matches none of the 1 usable TLSA records"), "\(text)")
                #expect(try pairing.prosodySide.receiveNothingMore() == [])
                #expect(try pairing.associations("outbound").isEmpty)
            }
        }

        @Test(arguments: [false, true])
        func `DA-21: A peer that an authority vouches for is offered no EXTERNAL where another key is published`(
            directTLS: Bool
        ) throws {
            try SignedPairing(
                Self.scenario, directTLS: directTLS, ligase: Self.issued, prosody: Self.prosody(isIssued: true, .other)
            ).run { pairing in
                try Self.sendFromProsody(pairing)
                let bounce = try pairing.prosodySide.receive()
                #expect(bounce.attribute("id") == "d2" && bounce.attribute("type") == "error", "\(bounce)")
                #expect(pairing.ligase.process.log.contains("matches none of the 1 usable TLSA records"))
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.associations("inbound").isEmpty)
            }
        }

        /// What Ligase presents that Prosody refuses when it dials, and what Prosody says that is wrong with it.
        private static let refusedByProsody = [
            (
                SignedPairing.Side(name: "ligase.example", isIssued: true, published: .other), "is not trusted",
                "no matching DANE TLSA records"
            ),
            (
                SignedPairing.Side(name: "ligase.example", isIssued: false, published: .none), "is not trusted",
                "self-signed certificate"
            ),
            // Interop: RFC 7673 §4.2 wants no name looked at; Prosody 0.12 does.
            (
                SignedPairing.Side(name: "unrelated.example", isIssued: false, published: .own),
                "is not valid for this name", "result: invalid"
            ),
        ]

        @Test(arguments: refusedByProsody)
        func `Prosody enforces TLSA records when it dials, and names besides`(
            ligase: SignedPairing.Side, reason: String, detail: String
        ) throws {
            try SignedPairing(Self.scenario, ligase: ligase, prosody: Self.prosody(isIssued: true, .none))
                .run { pairing in
                    try Self.sendFromProsody(pairing)
                    let bounce = try pairing.prosodySide.receive()
                    #expect(bounce.attribute("id") == "d2" && bounce.attribute("type") == "error", "\(bounce)")
                    #expect(pairing.prosody.logs("connection to/from ligase.example because its certificate \(reason)"))
                    #expect(pairing.prosody.logs(detail))
                    #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                }
        }

        /// Prosody 0.12 asks for TLSA records when it dials and never when it is dialled.
        @Test func `RT-06: Prosody takes no self-signed key from who dials it, and the stanza bounces`() throws {
            try SignedPairing(Self.scenario, ligase: Self.selfSigned, prosody: Self.prosody(isIssued: false, .own))
                .run { pairing in
                    try Self.sendFromLigase(pairing)
                    let bounce = try pairing.ligaseSide.receive()
                    #expect(bounce.attribute("id") == "d1" && bounce.contains("remote-server-timeout"), "\(bounce)")
                    #expect(bounce.stanzaError?.text.contains("certificate") == true, "\(bounce)")
                }
        }

        // MARK: - A tenant

        @Test(arguments: [SignedPairing.PublishedKey.none, .own])
        func `CM-14, PT-03: A tenant is proved by its provider's certificate when its zone is signed`(
            published: SignedPairing.PublishedKey
        ) throws {
            // With a published key, nobody has to have issued the certificate.
            let prosody = Self.prosody(SignedPairing.prosodyHost, isIssued: published == .none, published)
            try SignedPairing(Self.scenario, ligase: Self.issued, prosody: prosody).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.prosodySide)
                for direction in ["outbound", "inbound"] {
                    let found = try #require(pairing.associations(direction).first)
                    let prooftype = published == .none ? "pkix" : "dane"
                    #expect(found.contains(#""prooftype":"\#(prooftype)","remote":"prosody.example""#), "\(found)")
                    #expect(found.contains(SignedPairing.prosodyHost), "\(found)")
                    #expect(found.contains(#""secure_delegation":true"#), "\(found)")
                }
            }
        }

        @Test(arguments: [SignedPairing.PublishedKey.none, .own])
        func `CM-01, CM-14, DA-01, PT-03: A tenant in an unsigned zone is refused, both ways`(
            published: SignedPairing.PublishedKey
        ) throws {
            let prosody = Self.prosody(SignedPairing.prosodyHost, isIssued: true, published, isSigned: false)
            try SignedPairing(Self.scenario, ligase: Self.issued, prosody: prosody).run { pairing in
                try Self.sendFromLigase(pairing)
                try Self.sendFromProsody(pairing)
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "d1" && bounce.contains("remote-server-timeout"), "\(bounce)")
                #expect(bounce.stanzaError?.text.contains("name") == true, "\(bounce)")
                let other = try pairing.prosodySide.receive()
                #expect(other.attribute("id") == "d2" && other.attribute("type") == "error", "\(other)")
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.prosodySide.receiveNothingMore() == [])
            }
        }
    }
}
