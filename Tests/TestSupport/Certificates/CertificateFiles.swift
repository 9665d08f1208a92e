/// Where a test certificate and its key lie, both as PEM.
public struct CertificateFiles: Sendable {
    /// The certificate alone.
    public let certificate: String
    /// The private key alone.
    public let privateKey: String
    /// Certificate and key in one file, as ejabberd takes them.
    public let combined: String
}
