internal import COpenSSL
public import XMPPModel

/// What a session can say of itself, for decisions and for operators (RFC 7590 §3.6).
extension TLSSession {
    /// Whether application data can be sent.
    public var isEstablished: Bool {
        state == .established || state == .closedByPeer
    }

    /// The negotiated version; `nil` while the handshake is not complete.
    public var version: TLSVersion? {
        isEstablished ? TLSVersion(wireValue: SSL_version(ssl)) : nil
    }

    /// The negotiated cipher suite by its standard name, such as `TLS_AES_128_GCM_SHA256`.
    public var cipherSuite: String? {
        guard isEstablished, let cipher = SSL_get_current_cipher(ssl), let name = SSL_CIPHER_standard_name(cipher)
        else { return nil }
        return String(cString: name)
    }

    /// The negotiated application protocol; `nil` when there is none.
    public var negotiatedApplicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// The server name that the client asked for, as it wrote it; on a client, what was announced.
    public var requestedServerName: String? {
        SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// The certificates that the peer presented, its own first; empty when it presented none. Nothing is verified but
    /// that the peer holds the key of the first. They are parsed at each call: ask once.
    public var peerCertificates: [PeerCertificate] {
        guard isEstablished, let leaf = SSL_get0_peer_certificate(ssl) else { return [] }
        let chain = SSL_get_peer_cert_chain(ssl)
        // On a client the chain begins with the leaf; on a server it does not.
        let firstIssuer: Int32 = context.role == .client ? 1 : 0
        var certificates = [CertificateFields(borrowing: leaf).value]
        for index in firstIssuer..<max(firstIssuer, ligase_X509_count(chain)) {
            guard let certificate = ligase_X509_at(chain, index) else { continue }
            certificates.append(CertificateFields(borrowing: certificate).value)
        }
        return certificates
    }

    /// Whether the peer has our certificate: a server always sends one; a client only when it was asked, and had one
    /// that fits what the server accepts.
    public var localCertificateWasSent: Bool {
        guard isEstablished, SSL_get_certificate(ssl) != nil else { return false }
        guard context.role == .client else { return true }
        var signatureType: Int32 = 0
        return certificateWasRequested && ligase_SSL_get_signature_type_nid(ssl, &signatureType) == 1
    }

    /// Whether the peer, a server, may have our certificate although the handshake came to nothing: it asked for one, and
    /// there is one to give.
    public var mayHaveSentCertificate: Bool { certificateWasRequested && SSL_get_certificate(ssl) != nil }

    /// Whether the session's keys are bound to its handshake (RFC 7627); always so in TLS 1.3.
    public var hasExtendedMasterSecret: Bool {
        version == .tls13 || ligase_SSL_has_extended_master_secret(ssl)
    }
}
