/// Who we are, for a server that wants to know.
public enum HTTPCredential: Hashable, Sendable {
    /// HTTP basic authentication (RFC 7617).
    case basic(username: String, password: String)
    /// A certificate chain and its private key without a passphrase, both in PEM.
    case certificate(chainPEM: [UInt8], keyPEM: [UInt8])
}
