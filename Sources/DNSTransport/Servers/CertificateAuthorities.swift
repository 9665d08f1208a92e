/// The authorities that a name server's certificate may come from.
public enum CertificateAuthorities: Hashable, Sendable {
    /// The bundle that the system maintains.
    case system
    /// Certificates in PEM, and no others.
    case pem([UInt8])
}
