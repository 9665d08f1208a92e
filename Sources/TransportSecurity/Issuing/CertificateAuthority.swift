internal import COpenSSL
public import XMPPModel

/// A certificate authority in the process: it makes keys, issues certificates and revocation lists, well-formed or
/// deliberately wrong.
///
/// For the demonstration, tests and benchmark only. The daemon never issues a certificate.
public struct CertificateAuthority: Sendable {
    /// The authority's own certificate and key.
    public let issued: IssuedCertificate
    private let isRoot: Bool

    /// A new root, signed by itself.
    ///
    /// - Throws: ``IssuingFailure``.
    public static func root(_ template: CertificateTemplate) throws(IssuingFailure) -> CertificateAuthority {
        CertificateAuthority(issued: try selfSigned(template), isRoot: true)
    }

    /// A new authority below this one. The template need not make it a proper one.
    ///
    /// - Throws: ``IssuingFailure``.
    public func subordinate(_ template: CertificateTemplate) throws(IssuingFailure) -> CertificateAuthority {
        CertificateAuthority(issued: try issue(template), isRoot: false)
    }

    /// A certificate with a new key, signed by this authority.
    ///
    /// - Throws: ``IssuingFailure``.
    public func issue(_ template: CertificateTemplate) throws(IssuingFailure) -> IssuedCertificate {
        let key = try CertificateBuilder.generate(template.key)
        let signer = try signingKey()
        let issuer = try parsedCertificate()
        let certificate = try CertificateBuilder(template).certificate(for: key, issuer: issuer, signer: signer)
        return IssuedCertificate(
            certificate: certificate,
            intermediates: isRoot ? [] : issued.chain,
            privateKeyPEM: try CertificateBuilder.pem(of: key))
    }

    /// A certificate with a new key, signed by that key itself.
    ///
    /// - Throws: ``IssuingFailure``.
    public static func selfSigned(_ template: CertificateTemplate) throws(IssuingFailure) -> IssuedCertificate {
        let key = try CertificateBuilder.generate(template.key)
        let certificate = try CertificateBuilder(template).selfSignedCertificate(for: key)
        return IssuedCertificate(
            certificate: certificate, intermediates: [], privateKeyPEM: try CertificateBuilder.pem(of: key))
    }

    /// A revocation list in DER, signed by this authority (RFC 5280 §5).
    ///
    /// - Parameters:
    ///   - revoked: The certificates of this authority that are withdrawn.
    ///   - thisUpdate: When it is issued, in seconds since 1970.
    ///   - nextUpdate: When it goes out of date, in seconds since 1970.
    /// - Throws: ``IssuingFailure``.
    public func revocationList(
        revoking revoked: [PeerCertificate], thisUpdate: Int64, nextUpdate: Int64
    ) throws(IssuingFailure) -> [UInt8] {
        let issuer = try parsedCertificate()
        let signer = try signingKey()
        guard let list = X509_CRL_new() else { throw IssuingFailure("revocation list") }
        defer { X509_CRL_free(list) }
        guard let issueTime = ASN1_TIME_set(nil, Int(thisUpdate)), let nextTime = ASN1_TIME_set(nil, Int(nextUpdate))
        else { throw IssuingFailure("dates") }
        defer {
            ASN1_TIME_free(issueTime)
            ASN1_TIME_free(nextTime)
        }
        guard X509_CRL_set_version(list, 1) == 1,
            X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.handle)) == 1,
            X509_CRL_set1_lastUpdate(list, issueTime) == 1, X509_CRL_set1_nextUpdate(list, nextTime) == 1
        else { throw IssuingFailure("revocation list") }
        for certificate in revoked {
            let withdrawn = try Self.parse(certificate)
            guard let entry = X509_REVOKED_new() else { throw IssuingFailure("revocation entry") }
            guard X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(withdrawn.handle)) == 1,
                X509_REVOKED_set_revocationDate(entry, issueTime) == 1, X509_CRL_add0_revoked(list, entry) == 1
            else {
                X509_REVOKED_free(entry)
                throw IssuingFailure("revocation entry")
            }
        }
        X509_CRL_sort(list)
        guard X509_CRL_sign(list, signer.handle, EVP_sha256()) > 0 else { throw IssuingFailure("signature") }
        return CertificateFields.encoded { i2d_X509_CRL(list, $0) }
    }

    private func signingKey() throws(IssuingFailure) -> PrivateKey {
        do throws(IdentityFailure) {
            return try PrivateKey(pem: issued.privateKeyPEM, source: "issuer")
        } catch {
            throw IssuingFailure("issuer's key: \(error)")
        }
    }

    private func parsedCertificate() throws(IssuingFailure) -> Certificate {
        try Self.parse(issued.certificate)
    }

    private static func parse(_ certificate: PeerCertificate) throws(IssuingFailure) -> Certificate {
        do throws(CertificateFailure) {
            return try Certificate(der: certificate.der)
        } catch {
            throw IssuingFailure("certificate: \(error)")
        }
    }
}
