import Testing

extension Interop {
    /// Scenario `04-ejabberd-direct-tls`.
    @Suite("04: ejabberd over direct TLS")
    struct EjabberdDirectTLSTests {
        @Test func `TL-10: Ligase opens a stream to ejabberd over direct TLS and sends stanzas of each kind`() throws {
            try Pairing("04-ejabberd-direct-tls", with: .ejabberd).run { pairing in
                try StanzaExchange.run(from: pairing.ligaseSide, to: pairing.peerSide)
                #expect(pairing.peer.authenticated("ligase.example"))
                try pairing.expectProofs(directTLS: true)
            }
        }

        @Test func `TL-11: ejabberd opens a stream to Ligase over direct TLS and sends stanzas of each kind`() throws {
            try Pairing("04-ejabberd-direct-tls", with: .ejabberd).run { pairing in
                try StanzaExchange.run(from: pairing.peerSide, to: pairing.ligaseSide)
                #expect(pairing.peer.wasAuthenticated(by: "ligase.example"))
                try pairing.expectProofs(directTLS: true)
            }
        }
    }
}
