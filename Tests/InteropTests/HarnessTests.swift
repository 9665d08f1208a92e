import TestSupport
import Testing

extension Interop {
    /// The harness without Ligase: where these fail, nothing below says anything about Ligase.
    @Suite("00: Prosody and ejabberd with each other")
    struct HarnessTests {
        @Test(arguments: ["starttls.zone", "direct-tls.zone"])
        func `The harness lets two foreign servers federate`(zone: String) throws {
            let authority = try CertificateAuthority()
            let prosodyPlace = try ServerPlace(
                named: "prosody", certificate: authority.issue(CertificateRequest(["prosody.example"])))
            let ejabberdPlace = try ServerPlace(
                named: "ejabberd", certificate: authority.issue(CertificateRequest(["ejabberd.example"])))
            let network = try TestNetwork(
                scenario: "00-harness", zone: zone, authority: authority, places: prosodyPlace, ejabberdPlace)
            let prosody = try network.startProsody()
            let ejabberd = try network.startEjabberd()
            try network.showingLogs {
                let prosodySide = try prosodyPlace.connectComponent()
                let ejabberdSide = try ejabberdPlace.connectComponent()
                try StanzaExchange.run(from: prosodySide, to: ejabberdSide)
                try StanzaExchange.run(from: ejabberdSide, to: prosodySide)
            }

            #expect(ejabberd.logs("Accepted inbound s2s EXTERNAL authentication prosody.example"))
            #expect(ejabberd.logs("Accepted outbound s2s EXTERNAL authentication ejabberd.example"))
            #expect(prosody.logs("SASL EXTERNAL with ejabberd.example succeeded"))
        }

        @Test(arguments: ScriptedPeer.Transport.allCases)
        func `The scripted peer federates with a foreign server`(transport: ScriptedPeer.Transport) throws {
            let authority = try CertificateAuthority()
            let place = try ServerPlace(
                named: "prosody", certificate: authority.issue(CertificateRequest(["prosody.example"])))
            let network = try TestNetwork(
                scenario: "00-harness", zone: "scripted-peer.zone", authority: authority, places: place)
            let prosody = try network.startProsody()
            let component = try place.connectComponent()
            try network.showingLogs {
                let peer = try ScriptedPeer(
                    dialling: transport == .startTLS ? place.s2s : place.s2sDirectTLS, for: "prosody.example",
                    over: transport, presenting: authority.issue(CertificateRequest(["peer.example"])),
                    trusting: authority)
                let (_, features) = try peer.openStream(from: "peer.example", to: "prosody.example")
                #expect(features.text(of: "mechanism") == "EXTERNAL")
                try peer.authenticate(as: "peer.example", to: "prosody.example")
                try peer.conversation.send("<message from='x@peer.example' to='u@prosody.example' id='h1'/>")
                #expect(try component.receive().attribute("id") == "h1")
            }
            #expect(prosody.process.isRunning)
        }
    }
}
