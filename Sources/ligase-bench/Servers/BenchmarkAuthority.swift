internal import Glibc
internal import TestSupport
internal import TransportSecurity
internal import XMPPModel

/// Who issues the certificates of a benchmark, on P-256; valid since yesterday, for a month.
struct BenchmarkAuthority {
    private let authority: TransportSecurity.CertificateAuthority
    private let now = Int64(time(nil))

    init() throws {
        authority = try TransportSecurity.CertificateAuthority.root(
            CertificateTemplate(
                commonName: "Benchmark Authority", names: [], notBefore: now - 86_400, notAfter: now + 30 * 86_400,
                isAuthority: true))
    }

    /// A certificate for some names.
    ///
    /// - Parameter usage: What it may be used for.
    func issue(
        _ names: [String], usage: PeerCertificate.ExtendedKeyUsage = .absent
    ) throws -> IssuedCertificate {
        try authority.issue(template(names, usage))
    }

    /// The same for one name.
    func issue(_ name: String, usage: PeerCertificate.ExtendedKeyUsage = .absent) throws -> IssuedCertificate {
        try issue([name], usage: usage)
    }

    /// One that names nobody who is asked about, and that nobody has to trust.
    func selfSigned() throws -> IssuedCertificate {
        try TransportSecurity.CertificateAuthority.selfSigned(template(["hosting.test"], .absent))
    }

    private func template(_ names: [String], _ usage: PeerCertificate.ExtendedKeyUsage) -> CertificateTemplate {
        CertificateTemplate(
            commonName: "benchmark", names: names.map { .dns($0) }, notBefore: now - 86_400,
            notAfter: now + 30 * 86_400, extendedKeyUsage: usage)
    }

    /// Writes what trusts the authority; its path.
    @discardableResult
    func write(to directory: TemporaryDirectory) throws -> String {
        try directory.write(String(decoding: authority.issued.certificatePEM, as: UTF8.self), to: "authority.pem")
    }
}

extension IssuedCertificate {
    /// Writes the chain and the key under a name; their paths.
    @discardableResult
    func write(_ name: String, to directory: TemporaryDirectory) throws -> (certificate: String, key: String) {
        (
            try directory.write(String(decoding: chainPEM, as: UTF8.self), to: "\(name).pem"),
            try directory.write(String(decoding: privateKeyPEM, as: UTF8.self), to: "\(name).key")
        )
    }
}
