import TestSupport
import Testing

/// Ligase and one foreign server, both running, with a component connected to each.
final class Pairing {
    let network: TestNetwork
    let ligase: LigaseServer
    let peer: ForeignServer
    let ligaseSide: ComponentClient
    let peerSide: ComponentClient

    /// Which certificate a server presents.
    enum Identity: String, CaseIterable, Sendable {
        /// Issued by the trusted authority for the server's domain.
        case good
        /// Likewise, but for TLS servers only, as public authorities issue today.
        case serverOnly
        case expired
        case wrongName
        case selfSigned
        /// Good in itself, but its issuer is nobody that anyone trusts.
        case untrustedAuthority

        fileprivate func issue(for domain: String, by authority: CertificateAuthority) throws -> CertificateFiles {
            switch self {
            case .good, .untrustedAuthority: try authority.issue(CertificateRequest([domain]))
            case .serverOnly: try authority.issue(CertificateRequest([domain], usages: [.serverAuth]))
            case .expired: try authority.issue(CertificateRequest([domain], validity: .expired))
            case .wrongName: try authority.issue(CertificateRequest(["other.example"]))
            case .selfSigned: try authority.makeSelfSigned(CertificateRequest([domain]))
            }
        }
    }

    /// Starts both servers.
    ///
    /// - Parameters:
    ///   - scenario: The scenario's folder.
    ///   - kind: The foreign server.
    ///   - zone: The zone file in that folder.
    ///   - ligaseIdentity: What Ligase presents.
    ///   - peerIdentity: What the foreign server presents.
    init(
        _ scenario: String, with kind: ForeignServer.Kind, zone: String = "zone",
        ligase ligaseIdentity: Identity = .good, peer peerIdentity: Identity = .good
    ) throws {
        let authority = try CertificateAuthority()
        let strangers = try CertificateAuthority(named: "Nobody's Authority")
        func place(_ name: String, _ identity: Identity) throws -> ServerPlace {
            let issuer = identity == .untrustedAuthority ? strangers : authority
            return try ServerPlace(named: name, certificate: identity.issue(for: "\(name).example", by: issuer))
        }
        let ligasePlace = try place("ligase", ligaseIdentity)
        let peerPlace = try place(kind.rawValue, peerIdentity)
        authorities = [authority, strangers]
        network = try TestNetwork(
            scenario: scenario, zone: zone, authority: authority, places: ligasePlace, peerPlace)
        peer = try .start(kind, in: network)
        ligase = try network.startLigase()
        ligaseSide = try ligasePlace.connectComponent()
        peerSide = try peerPlace.connectComponent()
    }

    // Their files are in use as long as the servers run.
    private let authorities: [CertificateAuthority]

    /// Runs the test's body, with the servers' logs in what it throws, and then lets Ligase end, which has to succeed.
    func run(_ body: (Pairing) throws -> Void) throws {
        try network.showingLogs {
            try body(self)
            #expect(ligase.stop() == .exited(code: 0))
        }
    }

    /// Expects what `ligasectl` says to agree with what happened: streams both ways by certificates alone, all over the
    /// one kind of TLS.
    func expectProofs(directTLS: Bool) throws {
        let associations = try ligase.control("associations", "--json").filter { !$0.isWhitespace }
        #expect(associations.contains(#""direction":"outbound""#))
        #expect(associations.contains(#""mechanism":"server-identity","prooftype":"pkix""#))
        #expect(associations.contains(#""direction":"inbound""#))
        #expect(associations.contains(#""mechanism":"external","prooftype":"pkix""#))
        #expect(!associations.contains("dialback"))
        let streams = try ligase.control("streams", "--json").filter { !$0.isWhitespace }
        #expect(streams.contains(#""direct":\#(directTLS)"#))
        #expect(!streams.contains(#""direct":\#(!directTLS)"#))
    }
}
