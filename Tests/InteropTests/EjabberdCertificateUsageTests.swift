import TestSupport
import Testing

extension Interop {
    /// Scenario `07-ejabberd-certificate-usage`: what a certificate without clientAuth is worth, which is what public
    /// authorities issue.
    @Suite("07: ejabberd and certificate usages")
    struct EjabberdCertificateUsageTests {
        @Test func `SE-11: ejabberd 23.01 refuses a certificate for servers only, and the sender is told`() throws {
            try Pairing("07-ejabberd-certificate-usage", with: .ejabberd, ligase: .serverOnly).run { pairing in
                try pairing.ligaseSide.send(
                    "<message from='a@ligase.example' to='b@ejabberd.example' id='u1'><body>Hello</body></message>")
                let bounce = try pairing.ligaseSide.receive()
                #expect(bounce.attribute("id") == "u1")
                #expect(bounce.contains("remote-server-timeout"))
                #expect(bounce.stanzaError?.text.isEmpty == false)
            }
        }

        @Test func `CM-20: ejabberd takes the same certificate where Ligase is the TLS server`() throws {
            try Pairing("07-ejabberd-certificate-usage", with: .ejabberd, ligase: .serverOnly).run { pairing in
                try pairing.peerSide.send(
                    "<message from='b@ejabberd.example' to='a@ligase.example' id='u2'><body>Hello</body></message>")
                let message = try pairing.ligaseSide.receive()
                #expect(message.attribute("id") == "u2")
                #expect(message.attribute("type") != "error")
            }
        }
    }
}
