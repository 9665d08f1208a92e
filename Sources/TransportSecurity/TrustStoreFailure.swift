/// Why authorities or revocation lists could not be loaded.
public enum TrustStoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(source: String, reason: String)
    /// The file holds no certificate, or one that does not decode.
    case badCertificate(source: String, CertificateFailure)
    /// The bytes are no revocation list, neither in PEM nor in DER.
    case badRevocationList(source: String, reason: String)
    /// This system has no bundle of authorities in any of the usual places.
    case noSystemAuthorities(tried: [String])
    /// OpenSSL could not make the store.
    case unavailable(reason: String)

    /// The failure in words, for an operator.
    public var description: String {
        switch self {
        case .unreadable(let source, let reason): "\(source): cannot be read: \(reason)"
        case .badCertificate(let source, let failure): "\(source): \(failure)"
        case .badRevocationList(let source, let reason): "\(source): not a revocation list: \(reason)"
        case .noSystemAuthorities(let tried): "no system certificate authorities in \(tried.joined(separator: ", "))"
        case .unavailable(let reason): "trust store cannot be made: \(reason)"
        }
    }
}
