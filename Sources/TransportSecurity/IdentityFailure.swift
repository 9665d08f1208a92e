public import XMPPModel

/// Why a certificate chain and its key cannot be used as our own. `source` is the file, or what the caller called it.
public enum IdentityFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(source: String, reason: String)
    /// The file with the chain holds no certificate, or one that does not decode.
    case badCertificate(source: String, CertificateFailure)
    /// The file with the key holds no private key that decodes.
    case badPrivateKey(source: String, reason: String)
    /// The private key asks for a passphrase, and a daemon has no one to ask.
    case encryptedPrivateKey(source: String)
    /// The key belongs to a later certificate: the chain must begin with our own.
    case leafNotFirst(source: String, position: Int)
    /// The key belongs to none of the certificates.
    case keyMismatch(certificateSource: String, keySource: String)
    /// The key is too small (RFC 9325 §4.2.1): RSA needs 2048 bits, a curve 224.
    case weakKey(source: String, kind: PeerCertificate.KeyKind, bits: Int, minimum: Int)
    /// The key is of a kind that no cipher suite here can use.
    case unsupportedKey(source: String)
    /// Our own certificate carries a signature by SHA-1 or MD5.
    case weakSignature(source: String, algorithm: String)

    /// The failure in words, for an operator.
    public var description: String {
        switch self {
        case .unreadable(let source, let reason): "\(source): cannot be read: \(reason)"
        case .badCertificate(let source, let failure): "\(source): \(failure)"
        case .badPrivateKey(let source, let reason): "\(source): no usable private key: \(reason)"
        case .encryptedPrivateKey(let source): "\(source): the private key is encrypted; store it without a passphrase"
        case .leafNotFirst(let source, let position):
            "\(source): the private key belongs to certificate \(position); put that one first"
        case .keyMismatch(let certificateSource, let keySource):
            "\(keySource): the private key belongs to no certificate in \(certificateSource)"
        case .weakKey(let source, let kind, let bits, let minimum):
            "\(source): \(kind) key of \(bits) bits; at least \(minimum) are needed"
        case .unsupportedKey(let source): "\(source): the kind of key is not supported; use ECDSA, RSA or Ed25519"
        case .weakSignature(let source, let algorithm): "\(source): certificate is signed with \(algorithm)"
        }
    }
}
