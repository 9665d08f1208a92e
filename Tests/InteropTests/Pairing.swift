import TestSupport
import Testing

/// Ligase and one foreign server, both running, with a component connected to each.
final class Pairing {
    let network: TestNetwork
    let ligase: LigaseServer
    let peer: ForeignServer
    let ligaseSide: ComponentClient
    let peerSide: ComponentClient
    /// Where Ligase is.
    let ligasePlace: ServerPlace
    /// Where the foreign server is.
    let peerPlace: ServerPlace
    /// Whom both trust.
    let authority: CertificateAuthority

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

        fileprivate func issue(for names: [String], by authority: CertificateAuthority) throws -> CertificateFiles {
            switch self {
            case .good, .untrustedAuthority: try authority.issue(CertificateRequest(names))
            case .serverOnly: try authority.issue(CertificateRequest(names, usages: [.serverAuth]))
            case .expired: try authority.issue(CertificateRequest(names, validity: .expired))
            case .wrongName: try authority.issue(CertificateRequest(["other.example"]))
            case .selfSigned: try authority.makeSelfSigned(CertificateRequest(names))
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
    ///   - further: Names besides its domain on the certificate of Ligase.
    ///   - peerFurther: Likewise for the foreign server.
    ///   - hasDialback: Whether the foreign server has dialback take the place of a certificate.
    ///   - values: What else zone and configurations have places for, or other values for those.
    init(
        _ scenario: String, with kind: ForeignServer.Kind, zone: String = "zone",
        ligase ligaseIdentity: Identity = .good, peer peerIdentity: Identity = .good,
        further: [String] = [], peerFurther: [String] = [], hasDialback: Bool = false,
        values: [String: String] = [:]
    ) throws {
        let authority = try CertificateAuthority()
        let strangers = try CertificateAuthority(named: "Nobody's Authority")
        func place(_ name: String, _ identity: Identity, _ further: [String]) throws -> ServerPlace {
            let issuer = identity == .untrustedAuthority ? strangers : authority
            return try ServerPlace(
                named: name, certificate: identity.issue(for: ["\(name).example"] + further, by: issuer))
        }
        let ligasePlace = try place("ligase", ligaseIdentity, further)
        let peerPlace = try place(kind.rawValue, peerIdentity, peerFurther)
        self.ligasePlace = ligasePlace
        self.peerPlace = peerPlace
        self.authority = authority
        self.strangers = strangers
        network = try TestNetwork(
            scenario: scenario, zone: zone, authority: authority, hasDialback: hasDialback, values: values,
            places: ligasePlace, peerPlace)
        peer = try .start(kind, in: network)
        ligase = try network.startLigase()
        ligaseSide = try ligasePlace.connectComponent()
        peerSide = try peerPlace.connectComponent()
    }

    // Its files are in use as long as the servers run.
    private let strangers: CertificateAuthority

    /// Runs the test's body, with the servers' logs in what it throws, and then lets Ligase end, which has to succeed.
    func run(_ body: (Pairing) throws -> Void) throws {
        try network.showingLogs {
            try body(self)
            #expect(ligase.stop() == .exited(code: 0))
        }
    }

    /// Expects one association in a direction, whose JSON has all the fragments.
    func expectOnlyAssociation(_ direction: String, _ fragments: String...) throws {
        let associations = try ligase.associations(direction)
        #expect(associations.count == 1, "\(associations)")
        for fragment in fragments {
            #expect(associations.first?.contains(fragment) == true, "\(fragment) in \(associations)")
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
