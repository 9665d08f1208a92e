import TestSupport
import Testing

/// Ligase and another server, both running, whose certificates nobody has issued for their domains; nginx has what the
/// domains publish.
final class PublishedPairing {
    /// Who is on the other side.
    enum Peer: String, CaseIterable, Sendable {
        /// Prosody, which proves nothing by documents: Ligase has an issued certificate for it.
        case prosody
        /// A second daemon, `other.example`.
        case other

        var domain: String { "\(rawValue).example" }
    }

    /// How nginx answers for `prosody.example`.
    enum Published: Sendable {
        /// It redirects to the provider's document.
        case own
        /// It has the document of another certificate.
        case other
        /// It fails.
        case nothing

        fileprivate var answer: String {
            switch self {
            case .own: "return 302 https://hosting.example:${nginx.port}/prosody.json;"
            case .other: #"return 200 '{"fingerprints":[{"sha-256":"${ligase.sha256}"}],"expires":600}';"#
            case .nothing: "return 500;"
            }
        }
    }

    let ligase: LigaseServer
    let ligaseSide: ComponentClient
    let peerSide: ComponentClient
    /// The second daemon, if there is one.
    let other: LigaseServer?
    private let network: TestNetwork
    private let nginx: NginxServer
    private let authority: CertificateAuthority
    private let otherDirectory: TemporaryDirectory?

    /// Starts everything.
    ///
    /// - Parameters:
    ///   - prooftypes: What proves at Ligase, as in its configuration.
    ///   - isPeerIssued: Whether an authority has issued a certificate for the peer's domain.
    init(
        _ scenario: String, with peer: Peer, prooftypes: String = #""posh""#, published: Published = .own,
        isPeerIssued: Bool = false
    ) throws {
        let authority = try CertificateAuthority()
        self.authority = authority
        let foreign = CertificateRequest(["server.hosting.example"])
        let ligasePlace = try ServerPlace(
            named: "ligase",
            certificate: peer == .prosody
                ? authority.issue(CertificateRequest(["ligase.example"])) : authority.makeSelfSigned(foreign))
        func place(_ kind: Peer) throws -> ServerPlace {
            try ServerPlace(
                named: kind.rawValue,
                certificate: isPeerIssued
                    ? authority.issue(CertificateRequest([kind.domain])) : authority.makeSelfSigned(foreign))
        }
        let (prosodyPlace, otherPlace) = (try place(.prosody), try place(.other))
        let web = try authority.issue(
            CertificateRequest(["prosody.example", "ligase.example", "other.example", "hosting.example"]))
        let endpoint = try Endpoint.unused(on: .unused())
        var values = [
            "nginx.address": "\(endpoint.address)", "nginx.port": "\(endpoint.port)", "prooftypes": prooftypes,
            "web.certificate": web.certificate, "web.private_key": web.privateKey,
        ]
        for place in [ligasePlace, prosodyPlace, otherPlace] {
            values["\(place.name).sha256"] = try place.certificate.publishedKeyValues()["sha256"]
            values["\(place.name).http_port"] = "\(try Endpoint.unused(on: place.address).port)"
        }
        values["prosody.answer"] = try Template(text: published.answer).filled(with: values)
        network = try TestNetwork(
            scenario: scenario, authority: authority, values: values, places: ligasePlace, prosodyPlace, otherPlace)
        nginx = try NginxServer(at: [endpoint], configuration: network.file("nginx.conf"), in: network.directory)
        ligase = try network.startLigase()
        ligaseSide = try ligasePlace.connectComponent()
        switch peer {
        case .prosody:
            prosody = try network.startProsody()
            (other, otherDirectory) = (nil, nil)
            peerSide = try prosodyPlace.connectComponent()
        case .other:
            let directory = try TemporaryDirectory()
            prosody = nil
            other = try LigaseServer(configuration: network.file("other.toml"), in: directory)
            otherDirectory = directory
            peerSide = try otherPlace.connectComponent()
        }
    }

    private let prosody: ProsodyServer?

    /// What nginx was asked, as `host path status`.
    var requests: [String] {
        contents(ofFile: network.directory.path(of: "requests.log")).split(separator: "\n").map(String.init)
    }

    /// Runs the test's body, with the servers' logs in what it throws, and then lets Ligase end, which has to succeed.
    func run(_ body: (PublishedPairing) throws -> Void) throws {
        try network.showingLogs {
            try body(self)
            #expect(ligase.stop() == .exited(code: 0))
            if let other { #expect(other.stop() == .exited(code: 0)) }
        }
    }

    /// The elements of `ligasectl associations --json` for one direction, without white space.
    static func associations(_ direction: String, of ligase: LigaseServer) throws -> [String] {
        try ligase.control("associations", "--json").filter { !$0.isWhitespace }
            .split(separator: #"{"direction""#).map { #"{"direction""# + $0 }
            .filter { $0.hasPrefix(#"{"direction":"\#(direction)""#) }
    }
}
