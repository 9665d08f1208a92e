/// Why bytes are not a certificate.
public enum CertificateFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not exactly one certificate in DER.
    case malformed
    /// The PEM text holds no certificate.
    case noCertificate
    /// The certificate at `position` (1 for the first) of the PEM text does not decode.
    case malformedPEM(position: Int, reason: String)

    /// The failure in words.
    public var description: String {
        switch self {
        case .malformed: "not a certificate in DER"
        case .noCertificate: "no certificate in PEM text"
        case .malformedPEM(let position, let reason): "certificate \(position) is malformed: \(reason)"
        }
    }
}
