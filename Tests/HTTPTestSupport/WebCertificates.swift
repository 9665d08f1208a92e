internal import Glibc
public import TransportSecurity

/// The authority of web servers in tests, and certificates from it that are right or wrong.
public enum WebCertificates {
    /// The day, in seconds.
    public static let day: Int64 = 86400

    private static let authority = Result { () throws(IssuingFailure) in
        var root = template("Test Web Root", [])
        root.isAuthority = true
        return try CertificateAuthority.root(root)
    }

    /// The root, as a client is given it.
    public static func rootPEM() throws -> [UInt8] {
        try authority.get().issued.certificatePEM
    }

    /// A template for a certificate that is valid now.
    public static func template(
        _ commonName: String, _ names: [CertificateTemplate.Name]
    ) -> CertificateTemplate {
        let now = Int64(time(nil))
        return CertificateTemplate(
            commonName: commonName, names: names, notBefore: now - 30 * day, notAfter: now + 30 * day)
    }

    /// A certificate from the authority.
    public static func issue(
        _ name: String, _ names: [CertificateTemplate.Name]? = nil,
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> IssuedCertificate {
        var template = template(name, names ?? [.dns(name)])
        change(&template)
        return try authority.get().issue(template)
    }
}

extension Result where Failure == IssuingFailure {
    /// Makes a value now and keeps the failure for whoever asks.
    fileprivate init(_ make: () throws(IssuingFailure) -> Success) {
        do throws(IssuingFailure) { self = .success(try make()) } catch { self = .failure(error) }
    }
}
