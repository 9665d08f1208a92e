internal import TransportSecurity
internal import XMPPModel

/// Certificates in DER and PEM: what is read says what it was read from, and a chain has a verdict.
enum CertificateProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        if let single = read(input) { try judge([single], from: input) }
        if let chain = try? Certificate.chain(pem: input) {
            try require(!chain.isEmpty, "a chain of none")
            try judge(chain, from: nil)
        }
    }

    private static func read(_ der: [UInt8]) -> PeerCertificate? {
        do throws(CertificateFailure) {
            let certificate = try Certificate(der: der)
            return certificate.peerCertificate
        } catch {
            return nil
        }
    }

    private static func judge(_ chain: [PeerCertificate], from der: [UInt8]?) throws(PropertyViolation) {
        for certificate in chain {
            if let der { try require(certificate.der == der, "the certificate's octets are not those that were read") }
            try require(read(certificate.der) == certificate, "a certificate reads differently again")
            try require(Digest.sha256(certificate.der) == certificate.sha256, "the digest is of something else")
            try require(certificate.keyBits >= 0, "a key of \(certificate.keyBits) bits")
            for name in certificate.subjectAlternativeNames { try judge(name) }
        }
        guard let store else { throw PropertyViolation("the test's own store cannot be made") }
        for direction in PeerDirection.allCases {
            let verdict = store.validate(chain: chain, at: 1_767_225_600, direction: direction)
            if case .trusted = verdict { throw PropertyViolation("a stranger's chain is trusted: \(chain)") }
        }
    }

    private static func judge(_ name: PeerCertificate.SubjectAlternativeName) throws(PropertyViolation) {
        switch name {
        case .dnsName(let text), .srvName(let text):
            // An octet of zero ends a name for those who write in C, and hides what stands behind it.
            try require(text.utf8.allSatisfy { $0 > 0 && $0 < 0x80 }, "a usable name \(Array(text.utf8))")
        case .xmppAddress(let text): try require(!text.utf8.contains(0), "a usable name \(Array(text.utf8))")
        case .ipAddress(let octets): try require([4, 16].contains(octets.count), "an address \(octets)")
        case .unusable: break
        }
    }

    private static let store: TrustStore? = {
        let template = CertificateTemplate(
            commonName: "root", notBefore: 0, notAfter: 4_102_444_800, isAuthority: true)
        guard let root = try? CertificateAuthority.root(template) else { return nil }
        return try? TrustStore(authorities: [.certificate(root.issued.certificate)])
    }()
}
