import Administration
import Demonstration
import Glibc
import TestSupport
import TransportSecurity
import XMPPModel

/// A domain c.test with servers of the test's own, a signed zone that leads to them, and an authority that is trusted.
final class CheckScene {
    static let day: Int64 = 86_400

    let names: SignedNames
    private let authority: TransportSecurity.CertificateAuthority
    /// Runs as long as the scene does.
    var server: ScriptedXMPPServer?

    /// A certificate that is valid now.
    static func template(
        _ name: String, _ names: [CertificateTemplate.Name], _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) -> CertificateTemplate {
        let now = Int64(time(nil))
        var template = CertificateTemplate(
            commonName: name, names: names, notBefore: now - 30 * day, notAfter: now + 60 * day)
        change(&template)
        return template
    }

    /// Authorities are made before the zone, which may publish their keys.
    static func makeAuthority() throws -> TransportSecurity.CertificateAuthority {
        try .root(template("Test Root", []) { $0.isAuthority = true })
    }

    /// - Parameters:
    ///   - zone: The records of c.test.
    ///   - isSigned: Whether it is signed.
    init(_ zone: String, isSigned: Bool = true, authority: TransportSecurity.CertificateAuthority) throws {
        self.authority = authority
        names = try SignedNames([
            .signed("test"), isSigned ? .signed("c.test", zone) : .unsigned("c.test", zone),
        ])
        try names.directory.write(
            String(decoding: authority.issued.certificatePEM, as: UTF8.self), to: "authority.pem")
    }

    /// The configuration; `more` stands at its end.
    func settings(_ more: String = "") -> String {
        names.settings
            + "[tls]\ntrust_anchors = \"authority.pem\"\n[timeouts]\nnegotiation = 3\nclose = 1\nconnect = 3\n"
            + more
    }

    /// Runs `ligasectl check c.test --json`.
    func check(
        _ arguments: String..., more: String = ""
    ) throws -> (status: TestSupport.ExitStatus, report: CheckReport) {
        switch arguments.count {
        case 0: try names.check("c.test", settings: settings(more))
        case 1: try names.check("c.test", arguments[0], settings: settings(more))
        case 2: try names.check("c.test", arguments[0], arguments[1], settings: settings(more))
        default:
            try names.check("c.test", arguments[0], arguments[1], arguments[2], arguments[3], settings: settings(more))
        }
    }

    /// `3 1 1` of a certificate.
    static func record(_ certificate: PeerCertificate) -> String {
        "3 1 1 \(Hexadecimal.encode(certificate.subjectPublicKeyInfoSHA256))"
    }
}

extension CheckReport {
    /// The first step whose name begins so.
    func step(_ name: String) -> Step? { steps.first { $0.name.hasPrefix(name) } }

    /// For a failure's comment.
    var lines: String { text(width: 160) }
}
