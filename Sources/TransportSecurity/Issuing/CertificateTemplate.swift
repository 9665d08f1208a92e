public import XMPPModel

/// What a certificate to be issued shall say, mistakes included. For the demonstration, tests and benchmark only.
public struct CertificateTemplate: Hashable, Sendable {
    /// A name for subjectAltName or for a name constraint.
    public enum Name: Hashable, Sendable {
        /// A dNSName.
        case dns(String)
        /// A dNSName of any bytes, fit or not.
        case dnsBytes([UInt8])
        /// An SRVName (RFC 4985), such as `_xmpp-server.a.example`.
        case srv(String)
        /// An XmppAddr (RFC 6120 §13.7.1.4).
        case xmppAddress(String)
        /// An iPAddress: the octets, and in a name constraint as many octets of mask after them.
        case ipAddress([UInt8])
    }

    /// The kind of key to generate.
    public enum Key: Hashable, Sendable {
        /// An elliptic curve by OpenSSL's name; P-256 is quick and understood everywhere.
        case ellipticCurve(String)
        /// RSA of a size in bits; 512 is the least.
        case rsa(Int)
        /// ECDSA on P-256.
        public static let p256 = Key.ellipticCurve("P-256")
    }

    /// The digest under the issuer's signature.
    public enum SignatureDigest: Hashable, Sendable {
        /// SHA-256.
        case sha256
        /// SHA-1, which nobody should accept.
        case sha1
    }

    /// The key usage extension (RFC 5280 §4.2.1.3).
    public enum KeyUsage: Hashable, Sendable {
        /// What fits: keyCertSign and cRLSign for an authority, digitalSignature for all others.
        case fitting
        /// keyCertSign and cRLSign, fitting or not.
        case signCertificates
        /// digitalSignature alone, fitting or not.
        case digitalSignature
        /// No such extension.
        case absent
    }

    /// The subject's common name, at most 64 characters.
    public var commonName: String
    /// subjectAltName; empty for none.
    public var names: [Name]
    /// The first moment of validity, in seconds since 1970.
    public var notBefore: Int64
    /// The last moment of validity, in seconds since 1970.
    public var notAfter: Int64
    /// basicConstraints cA; without it there is no such extension.
    public var isAuthority: Bool
    /// pathLenConstraint of an authority.
    public var pathLength: UInt8?
    /// The key usage extension.
    public var keyUsage: KeyUsage
    /// extKeyUsage; `.absent` for none.
    public var extendedKeyUsage: PeerCertificate.ExtendedKeyUsage
    /// Whether to add a critical extension that nobody knows.
    public var hasUnknownCriticalExtension: Bool
    /// Name constraints: what alone is permitted.
    public var permittedNames: [Name]
    /// Name constraints: what is excluded.
    public var excludedNames: [Name]
    /// The kind of key to generate.
    public var key: Key
    /// The digest under the issuer's signature.
    public var digest: SignatureDigest

    /// A template; what is not named is as for an ordinary certificate of a server.
    public init(
        commonName: String,
        names: [Name] = [],
        notBefore: Int64,
        notAfter: Int64,
        isAuthority: Bool = false,
        pathLength: UInt8? = nil,
        keyUsage: KeyUsage = .fitting,
        extendedKeyUsage: PeerCertificate.ExtendedKeyUsage = .absent,
        hasUnknownCriticalExtension: Bool = false,
        permittedNames: [Name] = [],
        excludedNames: [Name] = [],
        key: Key = .p256,
        digest: SignatureDigest = .sha256
    ) {
        self.commonName = commonName
        self.names = names
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isAuthority = isAuthority
        self.pathLength = pathLength
        self.keyUsage = keyUsage
        self.extendedKeyUsage = extendedKeyUsage
        self.hasUnknownCriticalExtension = hasUnknownCriticalExtension
        self.permittedNames = permittedNames
        self.excludedNames = excludedNames
        self.key = key
        self.digest = digest
    }
}
