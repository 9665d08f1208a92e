/// The rule that a chain broke (RFC 5280 §6). `depth` counts from the leaf, which is 0.
public enum ChainFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The peer presented nothing.
    case noCertificate
    /// A certificate does not decode.
    case malformed(depth: Int)
    /// The leaf expired.
    case expired(notAfter: Int64)
    /// The leaf is not valid yet.
    case notYetValid(notBefore: Int64)
    /// An issuer on the path expired.
    case issuerExpired(subject: String, depth: Int)
    /// An issuer on the path is not valid yet.
    case issuerNotYetValid(subject: String, depth: Int)
    /// An issuer has no basicConstraints with cA=TRUE.
    case issuerIsNotAuthority(subject: String, depth: Int)
    /// An issuer's key usage does not include keyCertSign.
    case issuerMayNotSign(subject: String, depth: Int)
    /// More intermediates follow an authority than its pathLenConstraint allows.
    case pathTooLong(subject: String, depth: Int)
    /// A critical extension is not understood.
    case unknownCriticalExtension(subject: String, depth: Int)
    /// A signature does not verify with the issuer's key.
    case badSignature(subject: String, depth: Int)
    /// The leaf itself is an authority.
    case leafIsAuthority
    /// The leaf signed itself and is not a configured authority.
    case selfSigned
    /// The path ends in a root that is not configured.
    case unknownRoot(subject: String)
    /// Nobody knows the issuer.
    case unknownIssuer(issuer: String, depth: Int)
    /// A signature by SHA-1 or MD5.
    case weakSignature(subject: String, algorithm: String, depth: Int)
    /// RSA below 2048 bits, or a curve below 224.
    case weakKey(subject: String, bits: Int, depth: Int)
    /// A revocation list names the certificate.
    case revoked(subject: String, serialNumber: String, depth: Int)
    /// The revocation list of this issuer is past its next update, and policy demands a fresh one.
    case staleRevocationList(issuer: String)
    /// A revocation list covers the issuer and cannot be used: its signature or its form is wrong.
    case badRevocationList(issuer: String, reason: String)
    /// A name lies outside what an authority on the path may certify.
    case nameConstraintViolated(subject: String, depth: Int)
    /// The extended key usage does not fit the direction.
    case usageNotAllowed(PeerDirection)
    /// A rule that has no case of its own; OpenSSL's text.
    case other(reason: String, depth: Int)

    /// The reason in words, for an operator.
    public var description: String {
        switch self {
        case .noCertificate: "no certificate was presented"
        case .malformed(let depth): "certificate \(depth) is malformed"
        case .expired: "certificate has expired"
        case .notYetValid: "certificate is not yet valid"
        case .issuerExpired(let subject, _): "issuer has expired: \(subject)"
        case .issuerNotYetValid(let subject, _): "issuer is not yet valid: \(subject)"
        case .issuerIsNotAuthority(let subject, _): "issuer is not a certificate authority: \(subject)"
        case .issuerMayNotSign(let subject, _): "issuer's key usage does not allow signing certificates: \(subject)"
        case .pathTooLong(let subject, _): "path length constraint exceeded: \(subject)"
        case .unknownCriticalExtension(let subject, _): "critical extension is not understood: \(subject)"
        case .badSignature(let subject, _): "signature is wrong: \(subject)"
        case .leafIsAuthority: "certificate of the server is itself a certificate authority"
        case .selfSigned: "certificate is self-signed"
        case .unknownRoot(let subject): "root certificate is not trusted: \(subject)"
        case .unknownIssuer(let issuer, _): "issuer is unknown: \(issuer)"
        case .weakSignature(let subject, let algorithm, _): "signature by \(algorithm) is too weak: \(subject)"
        case .weakKey(let subject, let bits, _): "key of \(bits) bits is too weak: \(subject)"
        case .revoked(let subject, let serial, _): "certificate was revoked: \(subject), serial \(serial)"
        case .staleRevocationList(let issuer): "revocation list is out of date: \(issuer)"
        case .badRevocationList(let issuer, let reason): "revocation list of \(issuer) is unusable: \(reason)"
        case .nameConstraintViolated(let subject, _): "name constraint of an issuer is violated: \(subject)"
        case .usageNotAllowed(.inbound): "extended key usage allows neither server nor client authentication"
        case .usageNotAllowed(.outbound): "extended key usage does not allow server authentication"
        case .other(let reason, _): reason
        }
    }
}
