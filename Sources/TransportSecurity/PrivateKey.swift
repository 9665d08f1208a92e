internal import COpenSSL

/// A private key; owns the OpenSSL object and frees it exactly once.
struct PrivateKey: ~Copyable {
    let handle: OpaquePointer

    /// Takes over one reference to `handle`.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    /// The first private key in PEM text.
    init(pem: [UInt8], source: String) throws(IdentityFailure) {
        ERR_clear_error()
        let parsed: OpaquePointer? = PEMText.withReader(pem) {
            PEM_read_bio_PrivateKey($0, nil, { PEMText.noPassphrase($0, $1, $2, $3) }, nil)
        }
        guard let parsed else {
            let reason = OpenSSLError.takeReason()
            let text = String(decoding: pem, as: UTF8.self)
            if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
                throw .encryptedPrivateKey(source: source)
            }
            throw .badPrivateKey(source: source, reason: reason)
        }
        ERR_clear_error()
        handle = parsed
    }

    deinit { EVP_PKEY_free(handle) }
}
