import TransportSecurity
import XMPPModel

@testable import DNSTransport

/// Certificates for name servers, and the dates that go with them; keys are made once.
enum ServerCertificates {
    /// 2026-01-01, in seconds since 1970: the moment at which tests validate.
    static let now: Int64 = 1_767_225_600
    static let name = "dns.example"

    private static let day: Int64 = 86400
    private static let root = made { () throws(IssuingFailure) in try CertificateAuthority.root(authority("Root")) }
    private static let otherRoot = made { () throws(IssuingFailure) in
        try CertificateAuthority.root(authority("Nobody's Root"))
    }
    private static let intermediate = made { () throws(IssuingFailure) in
        try root.get().subordinate(authority("Intermediate"))
    }

    static let genuine = made { () throws(IssuingFailure) in try intermediate.get().issue(leaf([.dns(name)])) }
    static let commonNameOnly = made { () throws(IssuingFailure) in try root.get().issue(leaf([])) }
    static let otherName = made { () throws(IssuingFailure) in try root.get().issue(leaf([.dns("other.example")])) }
    static let wildcard = made { () throws(IssuingFailure) in try root.get().issue(leaf([.dns("*.example")])) }
    static let withAddress = made { () throws(IssuingFailure) in
        try root.get().issue(leaf([.dns(name), .ipAddress([127, 0, 0, 1])]))
    }
    static let expired = made { () throws(IssuingFailure) in
        var template = leaf([.dns(name)])
        template.notAfter = now - 1
        return try root.get().issue(template)
    }
    static let untrusted = made { () throws(IssuingFailure) in try otherRoot.get().issue(leaf([.dns(name)])) }

    /// The root that clients trust, in PEM.
    static var authorities: CertificateAuthorities {
        get throws { .pem(try root.get().issued.certificatePEM) }
    }

    static func intermediatePin() throws -> [UInt8] {
        try intermediate.get().issued.certificate.subjectPublicKeyInfoSHA256
    }

    /// What a client demands, by name unless told otherwise.
    static func demands(name: String? = Self.name, pins: [[UInt8]] = []) throws -> ServerAuthentication {
        ServerAuthentication(name: name, pins: pins, authorities: try authorities)
    }

    private static func leaf(_ names: [CertificateTemplate.Name]) -> CertificateTemplate {
        CertificateTemplate(commonName: name, names: names, notBefore: now - 30 * day, notAfter: now + 30 * day)
    }

    private static func authority(_ name: String) -> CertificateTemplate {
        CertificateTemplate(commonName: name, notBefore: now - 30 * day, notAfter: now + 365 * day, isAuthority: true)
    }

    private static func made<Value>(
        _ make: () throws(IssuingFailure) -> Value
    ) -> Result<Value, IssuingFailure> {
        do throws(IssuingFailure) { return .success(try make()) } catch { return .failure(error) }
    }
}
