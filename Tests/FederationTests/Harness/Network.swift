import DNSMessages
import DNSTransport
import Demonstration
import Glibc
import NameResolution
import TestSupport
import TransportSecurity
import XMPPModel

/// What surrounds the daemons of one test: a directory, an authority, a name server with the zone `example`.
final class Network {
    let directory: TemporaryDirectory
    let nameServer: EmbeddedNameServer
    /// Keys of the root and of `example`, when they are signed.
    private let keys: [DNSName: SigningKey]
    private let anchors: TrustAnchorSet

    private static let day: Int64 = 86_400
    private static let authority = Result { () throws(IssuingFailure) in
        var template = Network.template("Test Root", [])
        template.isAuthority = true
        return try CertificateAuthority.root(template)
    }

    /// - Parameter zone: Lines of a zone file below `example`.
    init(zone: String = "") throws {
        directory = try TemporaryDirectory(named: "federation")
        nameServer = try EmbeddedNameServer(zones: [EmbeddedZone(origin: "example", text: zone)])
        (keys, anchors) = ([:], TrustAnchorSet())
        try writeAuthority()
    }

    /// A network whose zone is signed, with a root that the daemons trust.
    ///
    /// - Parameters:
    ///   - zone: Lines of a zone file below `example`.
    ///   - unsigned: Lines of a zone file below `unsigned.example`, which is not signed; nil for no such zone.
    convenience init(signed zone: String, unsigned: String? = nil) throws {
        try self.init(signed: zone, below: unsigned.map { [.unsigned("unsigned.example", $0)] } ?? [])
    }

    /// - Parameter below: Zones below `example`, signed or not.
    init(signed zone: String, below: [SignedZone]) throws {
        directory = try TemporaryDirectory(named: "federation")
        let hierarchy = try SignedHierarchy([.signed("example", zone)] + below, now: Self.now)
        nameServer = try EmbeddedNameServer(zones: hierarchy.zones)
        keys = hierarchy.keys
        anchors = TrustAnchorSet(
            [hierarchy.anchor].compactMap { $0.map { TrustAnchor(zone: .root, signers: [$0]) } })
        try writeAuthority()
    }

    private func writeAuthority() throws {
        try directory.write(
            String(decoding: Self.authority.get().issued.certificatePEM, as: UTF8.self), to: "authority.pem")
    }

    /// - Parameter below: Zones below a signed one, with keys of the network's own making or none.
    func setZone(_ text: String, below: [SignedZone] = []) throws {
        guard keys.isEmpty else {
            let hierarchy = try SignedHierarchy([.signed("example", text)] + below, keys: keys, now: Self.now)
            return nameServer.replaceZones(hierarchy.zones)
        }
        nameServer.replaceZones([try EmbeddedZone(origin: "example", text: text)])
    }

    /// How the daemons look names up: validated where the zone is signed.
    var resolution: ResolverSettings {
        ResolverSettings(
            endpoints: [.cleartext(nameServer.address)],
            zones: [ResolutionZone(name: .root, servers: [0], validation: keys.isEmpty ? .off : .local)],
            anchors: anchors)
    }

    /// A TLSA record as text: `3 1 1 …`, the digests by SHA-256.
    static func tlsa(_ usage: Int, _ selector: Int, of certificate: PeerCertificate) -> String {
        let digest = selector == 0 ? certificate.sha256 : certificate.subjectPublicKeyInfoSHA256
        return "TLSA \(usage) \(selector) 1 \(Hexadecimal.encode(digest))"
    }

    /// A TLSA record of the right form that names nothing.
    static let wrongTLSA = "TLSA 3 1 1 \(String(repeating: "07", count: 32))"

    /// What the name server was asked, as `_xmpp-server._tcp.b.example SRV`.
    var questions: [String] { nameServer.queries.map(\.question.description) }

    static var now: Int64 { Int64(time(nil)) }

    static func template(_ name: String, _ names: [String]) -> CertificateTemplate {
        CertificateTemplate(
            commonName: name, names: names.map { .dns($0) }, notBefore: now - day, notAfter: now + 30 * day)
    }

    /// A certificate of the authority that all daemons trust.
    static func issue(
        _ names: String..., change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> IssuedCertificate {
        var template = template(names.first ?? "nobody", names)
        change(&template)
        return try authority.get().issue(template)
    }

    /// The certificate of that authority.
    static func authorityCertificate() throws -> PeerCertificate { try authority.get().issued.certificate }

    static func selfSigned(_ name: String) throws -> IssuedCertificate {
        try CertificateAuthority.selfSigned(template(name, [name]))
    }

    /// Writes a certificate and its key; the lines that name them in a configuration.
    func write(_ issued: IssuedCertificate, as name: String) throws -> String {
        try directory.write(String(decoding: issued.chainPEM, as: UTF8.self), to: "\(name).pem")
        try directory.write(String(decoding: issued.privateKeyPEM, as: UTF8.self), to: "\(name).key")
        return """
            certificate = "\(directory.path(of: "\(name).pem"))"
            private_key = "\(directory.path(of: "\(name).key"))"
            """
    }
}
