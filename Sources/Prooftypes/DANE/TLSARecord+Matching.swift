internal import TransportSecurity
internal import XMPPModel

/// The numbers of RFC 6698 §2.1 and what they select.
extension TLSARecord {
    /// Usage 0, PKIX-TA: an authority that PKIX trusts has to be this one.
    static let authorityConstraint: UInt8 = 0
    /// Usage 1, PKIX-EE: a certificate that PKIX accepts has to be this one.
    static let certificateConstraint: UInt8 = 1
    /// Usage 2, DANE-TA: this is the authority.
    static let trustAnchor: UInt8 = 2
    /// Usage 3, DANE-EE: this is the certificate.
    static let domainIssued: UInt8 = 3

    /// Selector 0: the certificate.
    static let wholeCertificate: UInt8 = 0

    /// Matching type 0: the bytes themselves.
    static let wholeValue: UInt8 = 0
    /// Matching type 1.
    static let sha256: UInt8 = 1
    /// Matching type 2.
    static let sha512: UInt8 = 2

    /// Whether it is about the peer's own certificate (usages 1 and 3), and not about an authority.
    var isForPeer: Bool { usage == Self.domainIssued || usage == Self.certificateConstraint }

    /// Whether this record names `certificate` (DA-15). The record has to be usable.
    func names(_ certificate: PeerCertificate) -> Bool {
        let isWhole = selector == Self.wholeCertificate
        switch matching {
        case Self.wholeValue: return data == (isWhole ? certificate.der : certificate.subjectPublicKeyInfo)
        case Self.sha256: return data == (isWhole ? certificate.sha256 : certificate.subjectPublicKeyInfoSHA256)
        case Self.sha512: return data == Digest.sha512(isWhole ? certificate.der : certificate.subjectPublicKeyInfo)
        default: return false
        }
    }

    /// The record's three numbers, as operators write them: `3 1 1`.
    var summary: String { "\(usage) \(selector) \(matching)" }

    /// The record in presentation format, shortened when it holds a whole certificate.
    var text: String {
        let shown = data.prefix(64)
        return "\(summary) \(Hexadecimal.encode(Array(shown)))\(data.count > shown.count ? "…" : "")"
    }
}
