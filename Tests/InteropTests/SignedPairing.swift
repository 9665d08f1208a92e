import DNSMessages
import Demonstration
import TestSupport
import Testing

/// Ligase and Prosody, both running, in zones that both validate, with a component connected to each.
///
/// `ligase.example` has its server below it, `prosody.example` has it in the zone `hosts.example`, as the customer of a
/// provider would.
final class SignedPairing {
    /// Which key the TLSA records of a server's port name.
    enum PublishedKey: String, CaseIterable, Sendable {
        case none, own, other
    }

    /// What a server presents and publishes.
    struct Side: Sendable {
        /// What its certificate says that it is.
        var name: String
        /// Whether the authority that both trust has issued its certificate; otherwise it is self-signed.
        var isIssued: Bool
        var published: PublishedKey
        /// Whether the domain's zone is signed.
        var isSigned = true
    }

    /// The host that Prosody's domain leads to.
    static let prosodyHost = "prosody.hosts.example"

    let ligase: LigaseServer
    let prosody: ProsodyServer
    let ligaseSide: ComponentClient
    let prosodySide: ComponentClient
    /// Where Prosody takes the streams of its service record.
    let prosodyPort: UInt16
    /// Where Ligase does.
    let ligasePort: UInt16
    private let network: DNSNetwork
    private let authority: CertificateAuthority

    /// Starts name servers and both servers.
    init(
        _ scenario: String, directTLS: Bool = false, ligase ligaseSettings: Side, prosody prosodySettings: Side
    ) throws {
        let authority = try CertificateAuthority()
        self.authority = authority
        func place(_ name: String, _ side: Side) throws -> ServerPlace {
            let request = CertificateRequest([side.name])
            return try ServerPlace(
                named: name,
                certificate: side.isIssued ? authority.issue(request) : authority.makeSelfSigned(request))
        }
        let ligasePlace = try place("ligase", ligaseSettings)
        let prosodyPlace = try place("prosody", prosodySettings)
        ligasePort = (directTLS ? ligasePlace.s2sDirectTLS : ligasePlace.s2s).port
        prosodyPort = (directTLS ? prosodyPlace.s2sDirectTLS : prosodyPlace.s2s).port
        let other = try authority.issue(CertificateRequest(["other.example"]))
        func record(_ host: String, _ port: UInt16, _ side: Side, _ files: CertificateFiles) throws -> String {
            switch side.published {
            case .none: return ""
            case .own: return "_\(port)._tcp.\(host) TLSA 3 1 1 \(try files.publicKeyDigest())"
            case .other: return "_\(port)._tcp.\(host) TLSA 3 1 1 \(try other.publicKeyDigest())"
            }
        }
        var values = [
            "service": directTLS ? "xmpps-server" : "xmpp-server", "authority": authority.certificate,
            "ligase.port": "\(ligasePort)", "prosody.port": "\(prosodyPort)", "prosody.host": Self.prosodyHost + ".",
            "ligase.tlsa": try record("xmpp", ligasePort, ligaseSettings, ligasePlace.certificate),
            "prosody.tlsa": try record("prosody", prosodyPort, prosodySettings, prosodyPlace.certificate),
        ]
        for place in [ligasePlace, prosodyPlace] { values.merge(place.templateValues) { first, _ in first } }
        func zone(_ origin: String, isSigned: Bool = true) throws -> SignedZone {
            let text = try Template(file: TestNetwork.path(of: "\(origin).zone", for: scenario)).filled(with: values)
            return isSigned ? .signed(origin, text) : .unsigned(origin, text)
        }
        network = try DNSNetwork(
            scenario: scenario,
            zones: [
                .signed("example"), zone("ligase.example", isSigned: ligaseSettings.isSigned),
                zone("prosody.example", isSigned: prosodySettings.isSigned), zone("hosts.example"),
            ])
        values["directory"] = network.directory.path
        values["name_server"] = network.clear.description
        values["name_server.address"] = network.clear.address.description
        values["name_server.port"] = "\(network.clear.port)"
        func configuration(_ name: String) throws -> String {
            try Template(file: TestNetwork.path(of: name, for: scenario)).filled(with: values)
        }
        prosody = try ProsodyServer(
            at: prosodyPlace, configuration: configuration("prosody.cfg.lua"), in: network.directory)
        ligase = try LigaseServer(configuration: configuration("ligase.toml"), in: network.directory)
        ligaseSide = try ligasePlace.connectComponent()
        prosodySide = try prosodyPlace.connectComponent()
    }

    /// Runs the test's body, with the servers' logs in what it throws, and then lets Ligase end, which has to succeed.
    func run(_ body: (SignedPairing) throws -> Void) throws {
        do {
            try body(self)
        } catch {
            throw LoggedFailure(error: error, logs: logs)
        }
        #expect(ligase.stop() == .exited(code: 0))
    }

    /// The elements of `ligasectl associations --json` for one direction, without white space.
    func associations(_ direction: String) throws -> [String] { try ligase.associations(direction) }

    private var logs: String {
        [ligase.process, prosody.process].map { process in
            let lines = process.log.split(separator: "\n")
            return "--- \(process.name)\n" + lines.suffix(80).map { $0.prefix(500) }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

extension CertificateFiles {
    /// The SHA-256 of the public key, as TLSA records with selector 1 and matching type 1 hold it; by openssl.
    func publicKeyDigest() throws -> String {
        let text = try Program.run(
            "sh",
            [
                "-c",
                """
                openssl x509 -in "$0" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r
                """, certificate,
            ])
        return String(text.prefix { $0.isHexDigit })
    }
}
