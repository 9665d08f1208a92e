import Glibc
import TestSupport
import TransportSecurity

/// A directory with everything that a daemon's configuration names.
final class Installation {
    let directory: TemporaryDirectory
    let address = LoopbackAddress.unused()
    let s2s: Endpoint
    let component: Endpoint
    private let authority: TransportSecurity.CertificateAuthority

    private static let day: Int64 = 86_400

    init() throws {
        directory = try TemporaryDirectory(named: "assembly")
        s2s = try Endpoint.unused(on: address)
        component = try Endpoint.unused(on: address)
        var template = Self.template("Test Root", [])
        template.isAuthority = true
        authority = try TransportSecurity.CertificateAuthority.root(template)
        try directory.write(Self.text(authority.issued.certificatePEM), to: "authority.pem")
        try install(issue("a.example"), as: "default")
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func template(_ name: String, _ names: [String]) -> CertificateTemplate {
        let now = Int64(time(nil))
        return CertificateTemplate(
            commonName: name, names: names.map { .dns($0) }, notBefore: now - day, notAfter: now + 30 * day)
    }

    func issue(_ names: String...) throws -> IssuedCertificate {
        try authority.issue(Self.template(names.first ?? "", names))
    }

    /// Writes a certificate and its key as `name.pem` and `name.key`.
    func install(_ issued: IssuedCertificate, as name: String) throws {
        try directory.write(Self.text(issued.chainPEM), to: "\(name).pem")
        try directory.write(Self.text(issued.privateKeyPEM), to: "\(name).key")
    }

    /// The text of a configuration.
    func configuration(
        domains: String = "[[domain]]\nname = \"a.example\"\nsecret = \"sekrit\"", settings: String = ""
    ) -> String {
        """
        state_directory = "state"
        include = ["domains.d/*.toml"]
        [listen]
        s2s = ["\(s2s)"]
        s2s_direct_tls = []
        component = ["\(component)"]
        http = []
        control = "\(directory.path(of: "control.sock"))"
        [tls]
        certificate = "default.pem"
        private_key = "default.key"
        trust_anchors = "authority.pem"
        [dns]
        servers = ["127.0.0.1:9"]
        validation = "off"
        \(settings)
        \(domains)
        """
    }

    /// Writes a configuration as `ligase.toml`.
    @discardableResult
    func configure(_ text: String) throws -> String { try directory.write(text, to: "ligase.toml") }

    /// A stream of `b.example` that has authenticated.
    func authenticated(from sender: String = "b.example", to target: String = "a.example") throws -> InboundPeer {
        try InboundPeer(at: s2s, from: sender, to: target, presenting: issue(sender).identity())
    }

    func start(environment: [String: String] = [:]) throws -> LigaseServer {
        try LigaseServer(configuration: configuration(), in: directory, environment: environment)
    }
}
