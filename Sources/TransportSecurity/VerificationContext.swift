internal import COpenSSL
internal import XMPPModel

/// OpenSSL's working state for one chain; frees it exactly once and keeps the certificates alive meanwhile.
struct VerificationContext: ~Copyable {
    private let handle: OpaquePointer
    private let certificates: CertificateStack

    /// Sets the rules: the given moment, no purpose, keys and digests of 112 bits of strength, revocation lists.
    static func make(
        store: TrustStore, certificates: consuming CertificateStack, moment: Int64, reachesRoot: Bool
    ) throws(ChainFault) -> VerificationContext {
        ERR_clear_error()
        guard let handle = X509_STORE_CTX_new() else { throw .other(reason: OpenSSLError.takeReason(), depth: 0) }
        let context = VerificationContext(handle: handle, certificates: certificates)
        guard X509_STORE_CTX_init(handle, store.handle, context.certificates[0], context.certificates.handle) == 1,
            let parameters = X509_STORE_CTX_get0_param(handle)
        else {
            throw .other(reason: OpenSSLError.takeReason(), depth: 0)
        }
        X509_VERIFY_PARAM_set_time(parameters, Int(moment))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        X509_VERIFY_PARAM_set_depth(parameters, Self.maximumIntermediates)
        // The subject is no identity (RFC 9525 §2), so name constraints have nothing to say of it.
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        // A configured intermediate is an authority like any other (RFC 5280 §6.1.1 (d)).
        var flags = UInt(X509_V_FLAG_TRUSTED_FIRST)
        if !reachesRoot { flags |= UInt(X509_V_FLAG_PARTIAL_CHAIN) }
        if store.revocationListCount > 0 { flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) }
        X509_VERIFY_PARAM_set_flags(parameters, flags)
        return context
    }

    private init(handle: OpaquePointer, certificates: consuming CertificateStack) {
        self.handle = handle
        self.certificates = certificates
    }

    deinit { X509_STORE_CTX_free(handle) }

    private static let maximumIntermediates: Int32 = 10

    /// Walks the path. `findings` decides at each broken rule whether to go on.
    func verify(reportingTo findings: VerificationFindings) -> Bool {
        X509_STORE_CTX_set_ex_data(handle, 0, Unmanaged.passUnretained(findings).toOpaque())
        X509_STORE_CTX_set_verify_cb(handle) { passed, context in
            guard passed == 0, let context else { return passed }
            guard let data = X509_STORE_CTX_get_ex_data(context, 0) else { return 0 }
            return Unmanaged<VerificationFindings>.fromOpaque(data).takeUnretainedValue().goesOn(after: context) ? 1 : 0
        }
        defer { ERR_clear_error() }
        return withExtendedLifetime(findings) { X509_verify_cert(handle) == 1 }
    }

    /// The error of a walk that failed without reporting one.
    var error: VerificationFindings.PathError {
        VerificationFindings.PathError(code: X509_STORE_CTX_get_error(handle), context: handle)
    }

    /// The certificates of the path, borrowed from this context: leaf first, authority last.
    var handles: [OpaquePointer] {
        let path = X509_STORE_CTX_get0_chain(handle)
        return (0..<ligase_X509_count(path)).compactMap { ligase_X509_at(path, $0) }
    }

    /// The path as values.
    var path: [PeerCertificate] {
        handles.map { CertificateFields(borrowing: $0).value }
    }
}
