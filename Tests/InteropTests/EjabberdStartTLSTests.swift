import Testing

extension Interop {
    /// Scenario `03-ejabberd-starttls`.
    @Suite("03: ejabberd over STARTTLS")
    struct EjabberdStartTLSTests {
        @Test func `SE-04: Ligase opens a stream to ejabberd over STARTTLS and sends stanzas of each kind`() throws {
            try Pairing("03-ejabberd-starttls", with: .ejabberd).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.authenticated("ligase.example"))
                try pairing.expectProofs(directTLS: false)
            }
        }

        @Test func `SE-01: ejabberd opens a stream to Ligase over STARTTLS and sends stanzas of each kind`() throws {
            try Pairing("03-ejabberd-starttls", with: .ejabberd).run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasAuthenticated(by: "ligase.example"))
                try pairing.expectProofs(directTLS: false)
            }
        }
    }
}
