internal import COpenSSL
internal import XMPPModel

/// What OpenSSL reported while it walked a path, and which of it ends the walk.
final class VerificationFindings {
    /// One broken rule.
    struct PathError {
        let code: Int32
        let depth: Int
        let certificate: PeerCertificate?

        /// OpenSSL's words for the rule.
        var text: String {
            X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)"
        }

        init(code: Int32, context: OpaquePointer) {
            self.code = code
            depth = Int(X509_STORE_CTX_get_error_depth(context))
            certificate = X509_STORE_CTX_get_current_cert(context).map { CertificateFields(borrowing: $0).value }
        }
    }

    /// The rule that ended the walk.
    private(set) var error: PathError?
    /// Issuers whose list was out of date and was used.
    private(set) var staleIssuers: [String] = []
    private let policy: TrustStore.StaleRevocationPolicy

    init(policy: TrustStore.StaleRevocationPolicy) {
        self.policy = policy
    }

    /// Whether the walk goes on after the error that `context` holds.
    func goesOn(after context: OpaquePointer) -> Bool {
        let code = X509_STORE_CTX_get_error(context)
        switch code {
        case X509_V_ERR_UNABLE_TO_GET_CRL:
            // A list is used where there is one, and demanded nowhere.
            return true
        case X509_V_ERR_CRL_HAS_EXPIRED where policy == .accept:
            if let issuer = PathError(code: code, context: context).certificate?.issuer,
                !staleIssuers.contains(issuer)
            {
                staleIssuers.append(issuer)
            }
            return true
        case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE where X509_STORE_CTX_get_error_depth(context) == 0:
            // OpenSSL cannot compare an SRVName and stops at it; NameConstraints looks at all names of the leaf.
            return true
        default:
            error = PathError(code: code, context: context)
            return false
        }
    }
}
