internal import COpenSSL
public import XMPPModel

/// A parsed X.509 certificate; owns the OpenSSL object and frees it exactly once.
///
/// It never travels: what decides gets the ``peerCertificate`` made from it.
public struct Certificate: ~Copyable {
    let handle: OpaquePointer

    /// Parses a certificate.
    ///
    /// - Throws: ``CertificateFailure/malformed`` when `der` is not exactly one certificate in DER.
    public init(der: [UInt8]) throws(CertificateFailure) {
        let parsed: OpaquePointer? = der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            guard let parsed = d2i_X509(nil, &cursor, bytes.count) else { return nil }
            guard let start = bytes.baseAddress, cursor == start + bytes.count else {
                X509_free(parsed)
                return nil
            }
            return parsed
        }
        ERR_clear_error()
        guard let parsed else { throw .malformed }
        // OpenSSL reads BER as well, and would say other octets than these, with another digest.
        guard CertificateFields(borrowing: parsed).value.der == der else {
            X509_free(parsed)
            throw .malformed
        }
        handle = parsed
    }

    /// Takes over one reference to `handle`.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { X509_free(handle) }

    /// The certificate as a value.
    public var peerCertificate: PeerCertificate {
        CertificateFields(borrowing: handle).value
    }

    /// The certificates in PEM text, in their order; other PEM blocks are passed over.
    ///
    /// - Throws: ``CertificateFailure`` when there is none, or when one of them does not decode.
    public static func chain(pem: [UInt8]) throws(CertificateFailure) -> [PeerCertificate] {
        let stack = try CertificateStack.read(pem: pem)
        return (0..<stack.count).compactMap { stack[$0].map { CertificateFields(borrowing: $0).value } }
    }
}
