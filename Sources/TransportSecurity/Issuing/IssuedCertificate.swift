public import XMPPModel

/// A certificate with its private key and the intermediates that belong to it.
///
/// For the demonstration, tests and benchmark only: a daemon does not carry private keys about as values.
public struct IssuedCertificate: Hashable, Sendable {
    /// The certificate.
    public let certificate: PeerCertificate
    /// The authorities between it and the root, the nearest first; the root is left out.
    public let intermediates: [PeerCertificate]
    /// The private key in PEM (PKCS #8), without a passphrase.
    public let privateKeyPEM: [UInt8]

    /// What a server presents: the certificate, then the intermediates.
    public var chain: [PeerCertificate] { [certificate] + intermediates }

    /// ``chain`` in PEM.
    public var chainPEM: [UInt8] { chain.flatMap { PEMText.encode("CERTIFICATE", $0.der) } }

    /// The certificate alone in PEM, as a trust store takes it.
    public var certificatePEM: [UInt8] { PEMText.encode("CERTIFICATE", certificate.der) }

    /// The identity for sessions.
    ///
    /// - Throws: ``IdentityFailure`` when the template asked for something too weak.
    public func identity() throws(IdentityFailure) -> TLSIdentity {
        try TLSIdentity(
            chainPEM: chainPEM, keyPEM: privateKeyPEM, chainSource: "issued certificate", keySource: "issued key")
    }
}
