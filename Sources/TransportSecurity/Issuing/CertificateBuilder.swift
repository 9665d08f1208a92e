internal import COpenSSL
internal import XMPPModel

/// Assembles and signs one certificate.
struct CertificateBuilder {
    private let template: CertificateTemplate

    init(_ template: CertificateTemplate) {
        self.template = template
    }

    /// A certificate for `key`, issued by `issuer`.
    func certificate(
        for key: borrowing PrivateKey, issuer: borrowing Certificate, signer: borrowing PrivateKey
    ) throws(IssuingFailure) -> PeerCertificate {
        let certificate = try unsigned(for: key)
        guard X509_set_issuer_name(certificate.handle, X509_get_subject_name(issuer.handle)) == 1 else {
            throw IssuingFailure("issuer")
        }
        return try signed(certificate, by: signer)
    }

    /// A certificate for `key`, issued by itself.
    func selfSignedCertificate(for key: borrowing PrivateKey) throws(IssuingFailure) -> PeerCertificate {
        let certificate = try unsigned(for: key)
        guard X509_set_issuer_name(certificate.handle, X509_get_subject_name(certificate.handle)) == 1 else {
            throw IssuingFailure("issuer")
        }
        return try signed(certificate, by: key)
    }

    /// A new key.
    static func generate(_ kind: CertificateTemplate.Key) throws(IssuingFailure) -> PrivateKey {
        ERR_clear_error()
        let handle: OpaquePointer? =
            switch kind {
            case .ellipticCurve(let name): ligase_generate_ec(name)
            case .rsa(let bits): ligase_generate_rsa(UInt32(clamping: bits))
            }
        guard let handle else { throw IssuingFailure("key") }
        return PrivateKey(owning: handle)
    }

    /// A key in PEM (PKCS #8).
    static func pem(of key: borrowing PrivateKey) throws(IssuingFailure) -> [UInt8] {
        guard let memory = BIO_new(BIO_s_mem()) else { throw IssuingFailure("memory") }
        defer { BIO_free(memory) }
        guard PEM_write_bio_PKCS8PrivateKey(memory, key.handle, nil, nil, 0, nil, nil) == 1 else {
            throw IssuingFailure("key in PEM")
        }
        var start: UnsafeMutablePointer<CChar>?
        let count = ligase_BIO_get_mem_data(memory, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: max(0, count)))
    }

    private func unsigned(for key: borrowing PrivateKey) throws(IssuingFailure) -> Certificate {
        ERR_clear_error()
        guard let handle = X509_new() else { throw IssuingFailure("certificate") }
        let certificate = Certificate(owning: handle)
        // The number of the version counts from 0: this is version 3.
        guard X509_set_version(handle, 2) == 1, X509_set_pubkey(handle, key.handle) == 1 else {
            throw IssuingFailure("certificate")
        }
        try setSerialNumber(of: handle)
        guard
            X509_NAME_add_entry_by_txt(
                X509_get_subject_name(handle), "CN", MBSTRING_UTF8, template.commonName, -1, -1, 0) == 1
        else { throw IssuingFailure("common name") }
        try setDates(of: handle)
        for item in CertificateExtension.all(for: template) { try add(item, to: handle) }
        return certificate
    }

    private func setSerialNumber(of certificate: OpaquePointer) throws(IssuingFailure) {
        guard var bytes = SecureRandom.bytes(16) else { throw IssuingFailure("serial number") }
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw IssuingFailure("serial number") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil else {
            throw IssuingFailure("serial number")
        }
    }

    private func setDates(of certificate: OpaquePointer) throws(IssuingFailure) {
        guard ASN1_TIME_set(X509_getm_notBefore(certificate), Int(template.notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), Int(template.notAfter)) != nil
        else { throw IssuingFailure("dates") }
    }

    private func add(_ item: CertificateExtension, to certificate: OpaquePointer) throws(IssuingFailure) {
        guard let identifier = OBJ_txt2obj(item.identifier, 1), let value = ASN1_OCTET_STRING_new() else {
            throw IssuingFailure("extension \(item.identifier)")
        }
        defer {
            ASN1_OBJECT_free(identifier)
            ASN1_OCTET_STRING_free(value)
        }
        guard ASN1_OCTET_STRING_set(value, item.value, Int32(item.value.count)) == 1,
            let created = X509_EXTENSION_create_by_OBJ(nil, identifier, item.isCritical ? 1 : 0, value)
        else { throw IssuingFailure("extension \(item.identifier)") }
        defer { X509_EXTENSION_free(created) }
        guard X509_add_ext(certificate, created, -1) == 1 else { throw IssuingFailure("extension \(item.identifier)") }
    }

    private func signed(
        _ certificate: borrowing Certificate, by signer: borrowing PrivateKey
    ) throws(IssuingFailure) -> PeerCertificate {
        let digest = template.digest == .sha1 ? EVP_sha1() : EVP_sha256()
        guard X509_sign(certificate.handle, signer.handle, digest) > 0 else { throw IssuingFailure("signature") }
        // Read back from its DER: the object still holds what it was assembled from.
        let der = CertificateFields.encoded { [handle = certificate.handle] in i2d_X509(handle, $0) }
        do throws(CertificateFailure) {
            return try Certificate(der: der).peerCertificate
        } catch {
            throw IssuingFailure("certificate: \(error)")
        }
    }
}
