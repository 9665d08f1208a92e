/// A certificate as a value: its DER bytes and the fields that a decision about trust can need.
///
/// It owns nothing and can stand in arrays and be compared. `TransportSecurity` makes it from what a peer presented;
/// nothing in it has been verified.
public struct PeerCertificate: Hashable, Sendable {
    /// The whole certificate in DER, as presented.
    public var der: [UInt8]
    /// The SHA-256 digest of ``der``: 32 octets.
    public var sha256: [UInt8]
    /// The SubjectPublicKeyInfo in DER (TLSA selector 1, RFC 6698 §2.1.2).
    public var subjectPublicKeyInfo: [UInt8]
    /// The SHA-256 digest of ``subjectPublicKeyInfo``: 32 octets.
    public var subjectPublicKeyInfoSHA256: [UInt8]
    /// The subject's distinguished name as text (RFC 2253), for operators; never an identity (RFC 9525 §2).
    public var subject: String
    /// The issuer's distinguished name as text (RFC 2253).
    public var issuer: String
    /// The serial number in lower-case hexadecimal, without a leading `0x`.
    public var serialNumber: String
    /// The first moment of validity, in seconds since 1970.
    public var notBefore: Int64
    /// The last moment of validity, in seconds since 1970.
    public var notAfter: Int64
    /// The names of subjectAltName that can concern a server, in their order, the unusable ones included.
    public var subjectAlternativeNames: [SubjectAlternativeName]
    /// Whether basicConstraints says cA=TRUE (RFC 5280 §4.2.1.9).
    public var isCertificateAuthority: Bool
    /// Whether subject and issuer are the same name. It does not say that the signature is its own.
    public var isSelfIssued: Bool
    /// What the key may be used for (RFC 5280 §4.2.1.12).
    public var extendedKeyUsage: ExtendedKeyUsage
    /// The algorithm of the issuer's signature, such as `ecdsa-with-SHA256`.
    public var signatureAlgorithm: String
    /// The kind of the public key.
    public var keyKind: KeyKind
    /// The size of the public key in bits.
    public var keyBits: Int

    /// Collects the fields; the caller answers for their agreement with `der`.
    public init(
        der: [UInt8],
        sha256: [UInt8],
        subjectPublicKeyInfo: [UInt8] = [],
        subjectPublicKeyInfoSHA256: [UInt8] = [],
        subject: String = "",
        issuer: String = "",
        serialNumber: String = "",
        notBefore: Int64 = .min,
        notAfter: Int64 = .max,
        subjectAlternativeNames: [SubjectAlternativeName] = [],
        isCertificateAuthority: Bool = false,
        isSelfIssued: Bool = false,
        extendedKeyUsage: ExtendedKeyUsage = .absent,
        signatureAlgorithm: String = "",
        keyKind: KeyKind = .other,
        keyBits: Int = 0
    ) {
        self.der = der
        self.sha256 = sha256
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.subjectPublicKeyInfoSHA256 = subjectPublicKeyInfoSHA256
        self.subject = subject
        self.issuer = issuer
        self.serialNumber = serialNumber
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subjectAlternativeNames = subjectAlternativeNames
        self.isCertificateAuthority = isCertificateAuthority
        self.isSelfIssued = isSelfIssued
        self.extendedKeyUsage = extendedKeyUsage
        self.signatureAlgorithm = signatureAlgorithm
        self.keyKind = keyKind
        self.keyBits = keyBits
    }

    /// ``sha256`` in lower-case hexadecimal, as logs and status output show it.
    public var sha256Text: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: sha256.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether `moment`, in seconds since 1970, lies within the certificate's validity.
    public func isValid(at moment: Int64) -> Bool {
        notBefore <= moment && moment <= notAfter
    }
}

extension PeerCertificate {
    /// One name of subjectAltName (RFC 5280 §4.2.1.6).
    public enum SubjectAlternativeName: Hashable, Sendable {
        /// A dNSName as presented: ASCII, any letter case, a wildcard not yet judged.
        case dnsName(String)
        /// An SRVName as presented, such as `_xmpp-server.a.example` (RFC 4985).
        case srvName(String)
        /// An XmppAddr as presented, UTF-8 (RFC 6120 §13.7.1.4).
        case xmppAddress(String)
        /// An iPAddress: 4 or 16 octets.
        case ipAddress([UInt8])
        /// A name that no comparison may use. It is kept for the operator and never shortened to something usable.
        case unusable(NameKind, UnusableReason, bytes: [UInt8])
    }

    /// The kinds of name that can concern a server.
    public enum NameKind: Hashable, Sendable, CaseIterable {
        /// A dNSName.
        case dnsName
        /// An otherName of type SRVName (1.3.6.1.5.5.7.8.7).
        case srvName
        /// An otherName of type XmppAddr (1.3.6.1.5.5.7.8.5).
        case xmppAddress
        /// An iPAddress.
        case ipAddress
    }

    /// Why a name cannot be used.
    public enum UnusableReason: Hashable, Sendable {
        /// It holds a NUL, which programs in C would take for its end.
        case embeddedNull
        /// It holds an octet outside the printable part of IA5, or is not UTF-8 where that is due.
        case forbiddenOctet
        /// A label is longer than 63 octets, or the name longer than 253 (1023 for an XmppAddr).
        case tooLong
        /// It is empty, or has an empty label.
        case emptyLabel
        /// Its ASN.1 type or length is not the one that its kind demands.
        case wrongType
    }

    /// The usages that extKeyUsage names (RFC 5280 §4.2.1.12).
    public enum ExtendedKeyUsage: Hashable, Sendable {
        /// There is no such extension: any usage.
        case absent
        /// Exactly these.
        case only(Set<KeyPurpose>)
    }

    /// One usage in extKeyUsage.
    public enum KeyPurpose: Hashable, Sendable {
        /// Any usage.
        case any
        /// To be a TLS server.
        case serverAuthentication
        /// To be a TLS client.
        case clientAuthentication
        /// Something else, as a dotted object identifier.
        case other(String)
    }

    /// The kind of a public key.
    public enum KeyKind: Hashable, Sendable {
        /// RSA, PSS-only keys included.
        case rsa
        /// A key on an elliptic curve of the NIST family or the like.
        case ellipticCurve
        /// Ed25519 or Ed448.
        case edwardsCurve
        /// Anything else.
        case other
    }
}
