import Testing

extension Interop {
    /// Scenario `01-prosody-starttls`.
    @Suite("01: Prosody over STARTTLS")
    struct ProsodyStartTLSTests {
        @Test func `SE-04: Ligase opens a stream to Prosody over STARTTLS and sends stanzas of each kind`() throws {
            try Pairing("01-prosody-starttls", with: .prosody).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.authenticated("ligase.example"))
                try pairing.expectProofs(directTLS: false)
            }
        }

        @Test func `SE-01: Prosody opens a stream to Ligase over STARTTLS and sends stanzas of each kind`() throws {
            try Pairing("01-prosody-starttls", with: .prosody).run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasAuthenticated(by: "ligase.example"))
                try pairing.expectProofs(directTLS: false)
            }
        }
    }
}
