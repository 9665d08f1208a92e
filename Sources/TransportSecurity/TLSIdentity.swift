internal import COpenSSL
public import XMPPModel

/// A certificate chain of our own with its private key, checked when it was loaded.
///
/// One identity serves any number of sessions on any number of loops.
public final class TLSIdentity: Sendable {
    /// The chain as it is presented: our own certificate first.
    public let certificates: [PeerCertificate]

    // Set once here; from then on OpenSSL only takes references to them, which is atomic.
    nonisolated(unsafe) let leaf: OpaquePointer
    nonisolated(unsafe) let intermediates: OpaquePointer
    nonisolated(unsafe) let key: OpaquePointer

    /// Reads chain and key from PEM files; both may be the same file. It blocks: call it off the loop.
    ///
    /// - Throws: ``IdentityFailure`` naming the file and what is wrong with it.
    public convenience init(chainFile: String, keyFile: String) throws(IdentityFailure) {
        try self.init(
            chainPEM: Self.contents(chainFile), keyPEM: Self.contents(keyFile), chainSource: chainFile,
            keySource: keyFile)
    }

    /// Takes chain and key from PEM text; other blocks in either are passed over.
    ///
    /// - Parameters:
    ///   - chainSource: What a failure calls the chain.
    ///   - keySource: What a failure calls the key.
    /// - Throws: ``IdentityFailure`` naming the source and what is wrong with it.
    public init(
        chainPEM: [UInt8], keyPEM: [UInt8], chainSource: String = "certificate chain", keySource: String = "private key"
    ) throws(IdentityFailure) {
        let chain: CertificateStack
        do throws(CertificateFailure) {
            chain = try CertificateStack.read(pem: chainPEM)
        } catch {
            throw .badCertificate(source: chainSource, error)
        }
        let key = try PrivateKey(pem: keyPEM, source: keySource)
        guard let leaf = chain[0] else { throw .badCertificate(source: chainSource, .noCertificate) }
        try Self.check(key, against: chain, chainSource: chainSource, keySource: keySource)
        try Self.checkStrength(of: key, source: keySource)
        let fields = CertificateFields(borrowing: leaf).value
        try Self.checkSignature(of: leaf, fields, source: chainSource)

        guard let rest = ligase_X509_new_stack() else { throw .badCertificate(source: chainSource, .malformed) }
        var certificates = [fields]
        for index in 1..<max(1, chain.count) {
            guard let certificate = chain[index], X509_up_ref(certificate) == 1 else { continue }
            guard ligase_X509_push(rest, certificate) > 0 else {
                X509_free(certificate)
                continue
            }
            certificates.append(CertificateFields(borrowing: certificate).value)
        }
        X509_up_ref(leaf)
        EVP_PKEY_up_ref(key.handle)
        self.leaf = leaf
        self.intermediates = rest
        self.key = key.handle
        self.certificates = certificates
    }

    deinit {
        X509_free(leaf)
        ligase_X509_free_stack(intermediates)
        EVP_PKEY_free(key)
    }

    /// Gives chain and key to a session, whatever it had before.
    func install(on ssl: OpaquePointer) -> Bool {
        SSL_use_cert_and_key(ssl, leaf, key, intermediates, 1) == 1
    }

    private static func contents(_ path: String) throws(IdentityFailure) -> [UInt8] {
        switch PEMText.contents(ofFile: path) {
        case .success(let bytes): return bytes
        case .failure(let failure): throw .unreadable(source: path, reason: failure.reason)
        }
    }

    private static func check(
        _ key: borrowing PrivateKey, against chain: borrowing CertificateStack, chainSource: String, keySource: String
    ) throws(IdentityFailure) {
        defer { ERR_clear_error() }
        for index in 0..<chain.count {
            guard let certificate = chain[index], X509_check_private_key(certificate, key.handle) == 1 else { continue }
            if index > 0 { throw .leafNotFirst(source: chainSource, position: index + 1) }
            return
        }
        throw .keyMismatch(certificateSource: chainSource, keySource: keySource)
    }

    private static func checkStrength(of key: borrowing PrivateKey, source: String) throws(IdentityFailure) {
        let facts = PublicKeyFacts(borrowing: key.handle)
        guard let minimum = facts.minimumBits else { throw .unsupportedKey(source: source) }
        guard facts.bits >= minimum else {
            throw .weakKey(source: source, kind: facts.kind, bits: facts.bits, minimum: minimum)
        }
    }

    private static func checkSignature(
        of leaf: OpaquePointer, _ fields: PeerCertificate, source: String
    ) throws(IdentityFailure) {
        var securityBits: Int32 = 0
        defer { ERR_clear_error() }
        guard X509_get_signature_info(leaf, nil, nil, &securityBits, nil) == 1 else { return }
        // SHA-1 counts 63 bits and MD5 39; SHA-224, the weakest that remains, 112.
        if securityBits < 80 { throw .weakSignature(source: source, algorithm: fields.signatureAlgorithm) }
    }
}
