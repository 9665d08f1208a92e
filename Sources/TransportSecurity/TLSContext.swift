internal import COpenSSL

/// What all sessions of one role have in common: versions, cipher suites, and for a server its identities.
///
/// One context serves any number of domains and loops: identities are chosen for each session, so that thousands of
/// hosted domains cost no context each. A reload makes a new one; sessions keep the one they began with.
public final class TLSContext: Sendable {
    /// The side that a session takes.
    public enum Role: Hashable, Sendable {
        /// Waits for a ClientHello.
        case server
        /// Sends the ClientHello.
        case client
    }

    /// The side that sessions of this context take.
    public let role: Role
    /// The versions that are negotiated.
    public let versions: ClosedRange<TLSVersion>

    /// The identity of a session that neither names one nor asks for a known server name.
    let defaultIdentity: TLSIdentity?
    /// Finds the identity for a server name, given in lower case without a trailing dot.
    let identityLookup: (@Sendable (String) -> TLSIdentity?)?

    // Filled in before anyone else can see it; OpenSSL counts its references atomically.
    nonisolated(unsafe) let handle: OpaquePointer

    /// A context for sessions that wait for a ClientHello.
    ///
    /// - Parameters:
    ///   - defaultIdentity: For a session without server name or with an unknown one (RFC 6066 §3; not an error).
    ///   - identities: Finds the identity for a server name (A-labels, lower case, no trailing dot). It is called on
    ///     the loop during a handshake and must not block.
    /// - Throws: ``TLSContextFailure`` when OpenSSL does not support what is asked.
    public static func server(
        defaultIdentity: TLSIdentity?,
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        identities: @escaping @Sendable (String) -> TLSIdentity? = { _ in nil }
    ) throws(TLSContextFailure) -> TLSContext {
        try TLSContext(.server, versions, defaultIdentity, identities)
    }

    /// A context for sessions that send the ClientHello.
    ///
    /// - Parameter identity: Presented when the server asks for a certificate and the session names no other.
    /// - Throws: ``TLSContextFailure`` when OpenSSL does not support what is asked.
    public static func client(
        identity: TLSIdentity? = nil, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws(TLSContextFailure) -> TLSContext {
        try TLSContext(.client, versions, identity, nil)
    }

    private init(
        _ role: Role, _ versions: ClosedRange<TLSVersion>, _ identity: TLSIdentity?,
        _ lookup: (@Sendable (String) -> TLSIdentity?)?
    ) throws(TLSContextFailure) {
        ERR_clear_error()
        guard let handle = SSL_CTX_new(role == .server ? TLS_server_method() : TLS_client_method()) else {
            throw TLSContextFailure(reason: OpenSSLError.takeReason())
        }
        self.role = role
        self.versions = versions
        self.defaultIdentity = identity
        self.identityLookup = lookup
        self.handle = handle

        ligase_SSL_CTX_harden(handle)
        // Said here, because what a distribution sets as its default differs.
        SSL_CTX_set_security_level(handle, 2)
        ligase_SSL_CTX_set_max_cert_list(handle, Policy.maximumChainOctets)
        let isAccepted =
            ligase_SSL_CTX_set_min_proto_version(handle, versions.lowerBound.wireValue) == 1
            && ligase_SSL_CTX_set_max_proto_version(handle, versions.upperBound.wireValue) == 1
            && SSL_CTX_set_cipher_list(handle, Policy.cipherList) == 1
            && SSL_CTX_set_ciphersuites(handle, Policy.cipherSuites) == 1
            && ligase_SSL_CTX_set1_groups_list(handle, Policy.groups) == 1
            && ligase_SSL_CTX_set1_sigalgs_list(handle, Policy.signatureAlgorithms) == 1
        guard isAccepted else { throw TLSContextFailure(reason: OpenSSLError.takeReason()) }
        TLSSession.installCallbacks(on: handle, role: role)
    }

    deinit { SSL_CTX_free(handle) }

    /// What is negotiated (RFC 9325 §3 and §4).
    private enum Policy {
        /// TLS 1.2: ephemeral elliptic curves with authenticated encryption, and nothing else.
        static let cipherList =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        /// TLS 1.3.
        static let cipherSuites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        static let groups = "X25519:P-256:P-384:P-521:X448"
        /// No SHA-1, no MD5.
        static let signatureAlgorithms =
            "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
            + "rsa_pss_rsae_sha512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:RSA+SHA256:RSA+SHA384:"
            + "RSA+SHA512"
        /// What an unproven peer may make us hold for its certificate chain.
        static let maximumChainOctets = 65536
    }
}

/// OpenSSL could not make a context: its build lacks what the policy needs.
public struct TLSContextFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// OpenSSL's text.
    public let reason: String

    /// The failure in words.
    public var description: String { "TLS cannot be set up: \(reason)" }
}
