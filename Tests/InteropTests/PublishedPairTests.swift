import TestSupport
import Testing

extension Interop {
    /// Scenario `16-posh-pair`: servers that only what their domains publish on nginx proves.
    @Suite("16: Pairs proved by POSH documents on nginx")
    struct PublishedPairTests {
        private static let scenario = "16-posh-pair"

        private static func expectProof(
            _ direction: String, by ligase: LigaseServer, of remote: String, at url: String
        ) throws {
            let found = try #require(PublishedPairing.associations(direction, of: ligase).first)
            let mechanism = direction == "inbound" ? "external" : "server-identity"
            #expect(
                found.contains(#""mechanism":"\#(mechanism)","prooftype":"posh","remote":"\#(remote)""#), "\(found)")
            #expect(found.contains(url), "\(found)")
            #expect(found.contains(#""expires":"20"#), "\(found)")
        }

        @Test func `PO-07, PO-19, PT-03: Prosody with a provider's certificate is proved when it is dialled and dials`()
            throws
        {
            try PublishedPairing(Self.scenario, with: .prosody).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                for direction in ["outbound", "inbound"] {
                    try Self.expectProof(
                        direction, by: pairing.ligase, of: "prosody.example", at: "hosting.example")
                }
                // One retrieval for both directions (PO-22).
                #expect(
                    pairing.requests == [
                        "prosody.example /.well-known/posh/xmpp-server.json 302", "hosting.example /prosody.json 200",
                    ])
            }
        }

        @Test func `PO-07, PO-08, PT-03: Two servers with one provider's certificates prove each other both ways`()
            throws
        {
            try PublishedPairing(Self.scenario, with: .other).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                let other = try #require(pairing.other)
                for direction in ["outbound", "inbound"] {
                    try Self.expectProof(direction, by: pairing.ligase, of: "other.example", at: "/other.json")
                    try Self.expectProof(
                        direction, by: other, of: "ligase.example", at: "/.well-known/posh/xmpp-server.json")
                }
            }
        }

        @Test(arguments: [
            (PublishedPairing.Published.other, "none of those published"), (.nothing, "status 500"),
        ])
        func `PO-21, PT-03: Without a document for its certificate the peer is refused, both ways`(
            published: PublishedPairing.Published, reason: String
        ) throws {
            try PublishedPairing(Self.scenario, with: .prosody, published: published).run { pairing in
                try pairing.ligaseSide.send(
                    "<message from='a@ligase.example' to='b@prosody.example' id='p1'><body>Hello</body></message>")
                try pairing.peerSide.send(
                    "<message from='b@prosody.example' to='a@ligase.example' id='p2'><body>Hello</body></message>")
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "p1" && bounce.contains("remote-server-timeout"), "\(bounce)")
                #expect(bounce.stanzaError?.text.contains(reason) == true, "\(bounce)")
                let other = try pairing.peerSide.receive()
                #expect(other.attribute("id") == "p2" && other.attribute("type") == "error", "\(other)")
                #expect(try pairing.ligaseSide.receiveNothingMore() == [])
                #expect(try pairing.peerSide.receiveNothingMore() == [])
            }
        }

        @Test func `PO-21: What contradicts a certificate that an authority issued is logged, and PKIX proves`() throws
        {
            try PublishedPairing(
                Self.scenario, with: .prosody, prooftypes: #""posh", "pkix""#, published: .other, isPeerIssued: true
            ).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                let found = try #require(PublishedPairing.associations("outbound", of: pairing.ligase).first)
                #expect(found.contains(#""prooftype":"pkix""#), "\(found)")
                #expect(
                    eventually(within: .seconds(5)) {
                        pairing.ligase.process.log.contains("none of those published")
                    })
            }
        }

        /// Scenario `17-posh-listener`.
        @Test
        func `PO-19, PO-23, PT-03: What Ligase's own listener publishes proves it, behind a proxy and a redirection`()
            throws
        {
            try PublishedPairing("17-posh-listener", with: .other).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                let other = try #require(pairing.other)
                for direction in ["outbound", "inbound"] {
                    try Self.expectProof(
                        direction, by: pairing.ligase, of: "other.example", at: "/posh/other.example.json")
                    try Self.expectProof(
                        direction, by: other, of: "ligase.example", at: "/.well-known/posh/xmpp-server.json")
                }
                let expected = [
                    "other.example /.well-known/posh/xmpp-server.json 307",
                    "hosting.example /posh/other.example.json 200",
                    "ligase.example /.well-known/posh/xmpp-server.json 200",
                ]
                #expect(Set(pairing.requests) == Set(expected), "\(pairing.requests)")
            }
        }
    }
}
