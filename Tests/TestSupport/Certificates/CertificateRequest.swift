/// What a test certificate is to say.
public struct CertificateRequest: Sendable {
    /// What the holder may use its key for.
    public enum Usage: String, Sendable {
        /// To be a TLS server.
        case serverAuth
        /// To be a TLS client.
        case clientAuth
    }

    /// When the certificate is good. The bounds are far away, so that no test depends on the date.
    public enum Validity: Sendable {
        /// From 2020 to the end of 2049.
        case current
        /// The year 2020.
        case expired
    }

    /// The dNSName entries.
    public var names: [String]
    /// The extended key usages.
    public var usages: [Usage]
    /// The validity period.
    public var validity: Validity

    /// A certificate that is good for `names` unless told otherwise.
    public init(
        _ names: [String], usages: [Usage] = [.serverAuth, .clientAuth], validity: Validity = .current
    ) {
        self.names = names
        self.usages = usages
        self.validity = validity
    }
}
