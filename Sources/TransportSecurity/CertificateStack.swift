internal import COpenSSL

/// Several certificates in their order, as OpenSSL passes them about; owns the stack and its members.
struct CertificateStack: ~Copyable {
    let handle: OpaquePointer

    /// An empty stack.
    init() throws(CertificateFailure) {
        guard let handle = ligase_X509_new_stack() else { throw .malformed }
        self.handle = handle
    }

    /// The certificates in PEM text.
    static func read(pem: [UInt8]) throws(CertificateFailure) -> CertificateStack {
        let certificates = try CertificateStack()
        let stack = certificates.handle
        ERR_clear_error()
        let failure: CertificateFailure? = PEMText.withReader(pem) { reader in
            var position = 1
            while let certificate = PEM_read_bio_X509(reader, nil, { PEMText.noPassphrase($0, $1, $2, $3) }, nil) {
                guard ligase_X509_push(stack, certificate) > 0 else {
                    X509_free(certificate)
                    return .malformed
                }
                position += 1
            }
            let code = ERR_peek_last_error()
            let isAtEnd = code & 0x7F_FFFF == UInt(PEM_R_NO_START_LINE)
            if !isAtEnd { return .malformedPEM(position: position, reason: OpenSSLError.takeReason()) }
            ERR_clear_error()
            return position == 1 ? .noCertificate : nil
        }
        if let failure { throw failure }
        return certificates
    }

    deinit { ligase_X509_free_stack(handle) }

    /// How many there are.
    var count: Int { Int(ligase_X509_count(handle)) }

    /// A certificate, borrowed from the stack.
    subscript(index: Int) -> OpaquePointer? {
        ligase_X509_at(handle, Int32(index))
    }

    /// Adds a certificate, whose reference is taken over whatever the outcome.
    func append(owning certificate: OpaquePointer) -> Bool {
        if ligase_X509_push(handle, certificate) > 0 { return true }
        X509_free(certificate)
        return false
    }
}
