import TransportSecurity
import XMPPModel

/// A root, an intermediate and the dates that all tests share; keys are made once.
enum Fixtures {
    /// 2026-01-01, in seconds since 1970: the moment at which tests validate.
    static let now: Int64 = 1_767_225_600
    static let day: Int64 = 86400

    static let root = Result { () throws(IssuingFailure) in
        try CertificateAuthority.root(authority("Test Root"))
    }

    static func template(_ name: String, _ names: [CertificateTemplate.Name]? = nil) -> CertificateTemplate {
        CertificateTemplate(
            commonName: name, names: names ?? [.dns(name)], notBefore: now - 30 * day, notAfter: now + 30 * day)
    }

    static func authority(_ name: String) -> CertificateTemplate {
        var template = template(name, [])
        template.isAuthority = true
        template.notAfter = now + 365 * day
        return template
    }

    static func issue(
        _ name: String, _ names: [CertificateTemplate.Name]? = nil,
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> IssuedCertificate {
        var template = template(name, names)
        change(&template)
        return try root.get().issue(template)
    }

    static func identity(_ name: String) throws -> TLSIdentity {
        try issue(name).identity()
    }

    static func store(revocationLists: [[UInt8]] = [], stale: TrustStore.StaleRevocationPolicy = .accept) throws
        -> TrustStore
    {
        try TrustStore(
            authorities: [.bytes(root.get().issued.certificatePEM, name: "test root")],
            revocationLists: revocationLists.map { .bytes($0, name: "test list") }, staleRevocation: stale)
    }
}

extension Result where Failure == IssuingFailure {
    /// Makes a value now and keeps the failure for whoever asks.
    fileprivate init(_ make: () throws(IssuingFailure) -> Success) {
        do throws(IssuingFailure) { self = .success(try make()) } catch { self = .failure(error) }
    }
}
