internal import COpenSSL
internal import XMPPModel

/// One run of path validation. OpenSSL walks the path; what XMPP asks beyond that is added here.
struct ChainValidation {
    let store: TrustStore
    let chain: [PeerCertificate]
    let moment: Int64
    let direction: PeerDirection
    let reachesRoot: Bool

    /// The outcome.
    var verdict: ChainVerdict {
        do throws(ChainFault) {
            return .trusted(try validatedPath())
        } catch {
            return .untrusted(error)
        }
    }

    private func validatedPath() throws(ChainFault) -> ChainVerdict.TrustedPath {
        guard let leaf = chain.first else { throw .noCertificate }
        let certificates = try parsed()
        let context = try VerificationContext.make(
            store: store, certificates: certificates, moment: moment, reachesRoot: reachesRoot)
        let findings = VerificationFindings(policy: store.stalePolicy)
        let isValid = context.verify(reportingTo: findings)
        guard isValid else { throw fault(of: findings.error ?? context.error) }

        let path = context.path
        // OpenSSL, asked about no purpose, accepts an authority as a leaf and any usage.
        guard !leaf.isCertificateAuthority else { throw .leafIsAuthority }
        // What an authority may issue for binds those below it, as everybody has it although RFC 5280 leaves it open; who
        // was configured as an authority is one for this.
        for certificate in path.prefix(max(path.count - 1, 1)) { try checkUsage(of: certificate) }
        let constraints = NameConstraints(authorities: context.handles.dropFirst())
        guard constraints.permit(leaf) else { throw .nameConstraintViolated(subject: leaf.subject, depth: 0) }
        return ChainVerdict.TrustedPath(
            certificates: path,
            expires: path.map(\.notAfter).min() ?? leaf.notAfter,
            unusableNames: constraints.unusableNames,
            staleRevocationLists: findings.staleIssuers)
    }

    private func parsed() throws(ChainFault) -> CertificateStack {
        guard let stack = try? CertificateStack() else { throw .malformed(depth: 0) }
        for (depth, certificate) in chain.enumerated() {
            let handle: OpaquePointer? = certificate.der.withUnsafeBufferPointer { bytes in
                var cursor = bytes.baseAddress
                return d2i_X509(nil, &cursor, bytes.count)
            }
            guard let handle, stack.append(owning: handle) else { throw .malformed(depth: depth) }
        }
        return stack
    }

    private func checkUsage(of certificate: PeerCertificate) throws(ChainFault) {
        guard case .only(let purposes) = certificate.extendedKeyUsage else { return }
        if purposes.contains(.any) || purposes.contains(.serverAuthentication) { return }
        if direction == .inbound, purposes.contains(.clientAuthentication) { return }
        throw .usageNotAllowed(direction)
    }

    private func fault(of error: VerificationFindings.PathError) -> ChainFault {
        let depth = error.depth
        let certificate = error.certificate
        let subject = certificate?.subject ?? ""
        switch error.code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return depth == 0
                ? .expired(notAfter: certificate?.notAfter ?? 0) : .issuerExpired(subject: subject, depth: depth)
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return depth == 0
                ? .notYetValid(notBefore: certificate?.notBefore ?? 0)
                : .issuerNotYetValid(subject: subject, depth: depth)
        case X509_V_ERR_INVALID_CA:
            // OpenSSL has one code for two rules: no cA, and cA without keyCertSign.
            return certificate?.isCertificateAuthority == true
                ? .issuerMayNotSign(subject: subject, depth: depth)
                : .issuerIsNotAuthority(subject: subject, depth: depth)
        case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: return .issuerMayNotSign(subject: subject, depth: depth)
        case X509_V_ERR_PATH_LENGTH_EXCEEDED: return .pathTooLong(subject: subject, depth: depth)
        case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: return .unknownCriticalExtension(subject: subject, depth: depth)
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: return .badSignature(subject: subject, depth: depth)
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return .selfSigned
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return .unknownRoot(subject: subject)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return .unknownIssuer(issuer: certificate?.issuer ?? "", depth: depth)
        case X509_V_ERR_CA_MD_TOO_WEAK:
            let algorithm = certificate?.signatureAlgorithm ?? ""
            return .weakSignature(subject: subject, algorithm: algorithm, depth: depth)
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL:
            return .weakKey(subject: subject, bits: certificate?.keyBits ?? 0, depth: depth)
        case X509_V_ERR_CERT_REVOKED:
            return .revoked(subject: subject, serialNumber: certificate?.serialNumber ?? "", depth: depth)
        case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID:
            return .staleRevocationList(issuer: certificate?.issuer ?? "")
        case X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
            X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
            X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
            X509_V_ERR_DIFFERENT_CRL_SCOPE, X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            return .badRevocationList(issuer: certificate?.issuer ?? "", reason: error.text)
        case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
            X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
            X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
            return .nameConstraintViolated(subject: subject, depth: depth)
        default: return .other(reason: error.text, depth: depth)
        }
    }
}
