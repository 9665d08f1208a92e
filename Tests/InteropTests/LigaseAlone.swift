import TestSupport
import Testing

/// Ligase with a component, and a place with a certificate for a peer that the test plays.
final class LigaseAlone {
    let component: ComponentClient
    /// Where Ligase is.
    let place: ServerPlace
    /// Where `peer.example` is said to be, if the zone says so; nothing listens there unless the test does.
    let peerPlace: ServerPlace
    private let authority: CertificateAuthority
    private let network: TestNetwork
    private let ligase: LigaseServer

    private init(scenario: String, zone: String) throws {
        authority = try CertificateAuthority()
        place = try ServerPlace(named: "ligase", certificate: authority.issue(CertificateRequest(["ligase.example"])))
        peerPlace = try ServerPlace(named: "peer", certificate: authority.issue(CertificateRequest(["peer.example"])))
        network = try TestNetwork(
            scenario: scenario, zone: zone, authority: authority, places: place, peerPlace)
        ligase = try network.startLigase()
        component = try place.connectComponent()
    }

    /// Runs the test's body, with Ligase's log in what it throws, and then lets Ligase end, which has to succeed.
    static func run(
        _ scenario: String = "08-scripted-peer", zone: String = "zone", _ body: (LigaseAlone) throws -> Void
    ) throws {
        let alone = try LigaseAlone(scenario: scenario, zone: zone)
        try alone.network.showingLogs {
            try body(alone)
            #expect(alone.ligase.stop() == .exited(code: 0))
        }
    }

    /// Dials Ligase as `peer.example`.
    func dial(
        over transport: ScriptedPeer.Transport, applicationProtocols: String? = nil
    ) throws -> ScriptedPeer {
        let endpoint =
            switch transport {
            case .startTLS: place.s2s
            case .directTLS: place.s2sDirectTLS
            }
        return try ScriptedPeer(
            dialling: endpoint, for: "ligase.example", over: transport, presenting: peerPlace.certificate,
            trusting: authority, applicationProtocols: applicationProtocols)
    }
}
