import Testing

extension Interop {
    /// Scenario `02-prosody-direct-tls`.
    @Suite("02: Prosody over direct TLS")
    struct ProsodyDirectTLSTests {
        @Test func `TL-10: Ligase opens a stream to Prosody over direct TLS and sends stanzas of each kind`() throws {
            try Pairing("02-prosody-direct-tls", with: .prosody).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.authenticated("ligase.example"))
                try pairing.expectProofs(directTLS: true)
            }
        }

        @Test func `TL-11: Prosody opens a stream to Ligase over direct TLS and sends stanzas of each kind`() throws {
            try Pairing("02-prosody-direct-tls", with: .prosody).run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasAuthenticated(by: "ligase.example"))
                try pairing.expectProofs(directTLS: true)
            }
        }
    }
}
