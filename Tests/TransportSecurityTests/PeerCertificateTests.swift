import Testing
import TransportSecurity
import XMPPModel

@Suite("Certificates as values")
struct PeerCertificateTests {
    private typealias Presented = PeerCertificate.SubjectAlternativeName

    @Test func `Fields are read as they were issued`() throws {
        let issued = try Fixtures.issue(
            "a.example",
            [
                .dns("a.example"), .dns("*.a.example"), .srv("_xmpp-server.a.example"), .xmppAddress("münchen.example"),
                .ipAddress([192, 0, 2, 1]),
            ])
        let certificate = issued.certificate
        #expect(certificate.subject == "CN=a.example")
        #expect(certificate.issuer == "CN=Test Root")
        #expect(certificate.notBefore == Fixtures.now - 30 * Fixtures.day)
        #expect(certificate.notAfter == Fixtures.now + 30 * Fixtures.day)
        #expect(certificate.isValid(at: Fixtures.now) && !certificate.isValid(at: certificate.notAfter + 1))
        #expect(certificate.serialNumber.utf8.count == 32)
        #expect(!certificate.isCertificateAuthority && !certificate.isSelfIssued)
        #expect(certificate.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(certificate.keyKind == .ellipticCurve && certificate.keyBits == 256)
        #expect(certificate.sha256 == Digest.sha256(certificate.der))
        #expect(certificate.sha256Text == Hexadecimal.encode(certificate.sha256))
        #expect(certificate.subjectPublicKeyInfo.first == 0x30)
        #expect(certificate.subjectPublicKeyInfoSHA256 == Digest.sha256(certificate.subjectPublicKeyInfo))
        let expected: [Presented] = [
            .dnsName("a.example"), .dnsName("*.a.example"), .srvName("_xmpp-server.a.example"),
            .xmppAddress("münchen.example"), .ipAddress([192, 0, 2, 1]),
        ]
        #expect(certificate.subjectAlternativeNames == expected)
        let root = try Fixtures.root.get().issued.certificate
        #expect(root.isCertificateAuthority && root.isSelfIssued)
    }

    @Test(
        arguments: [
            (Array("a.example\0.evil.example".utf8), .embeddedNull),
            (Array("a.example\0".utf8), .embeddedNull),
            ([0], .embeddedNull),
            (Array("münchen.example".utf8), .forbiddenOctet),
            (Array("a .example".utf8), .forbiddenOctet),
            ([0x61, 0xFF], .forbiddenOctet),
            (Array((String(repeating: "a", count: 64) + ".example").utf8), .tooLong),
            (Array(repeating: "abcdefghi", count: 26).joined(separator: ".").utf8.map { $0 }, .tooLong),
            (Array("a..example".utf8), .emptyLabel),
            (Array(".a.example".utf8), .emptyLabel),
            ([], .emptyLabel),
        ] as [([UInt8], PeerCertificate.UnusableReason)])
    func `CM-18: a malformed dNSName is kept whole and unusable, and its neighbours stay`(
        bytes: [UInt8], reason: PeerCertificate.UnusableReason
    ) throws {
        let issued = try Fixtures.issue("leaf", [.dnsBytes(bytes), .dns("good.example")])
        let expected: [Presented] = [.unusable(.dnsName, reason, bytes: bytes), .dnsName("good.example")]
        #expect(issued.certificate.subjectAlternativeNames == expected)
    }

    @Test func `CM-18: other kinds of name are judged alike`() throws {
        let issued = try Fixtures.issue(
            "leaf",
            [.srv("_xmpp-server.a.example\0.b"), .xmppAddress("a\0b"), .xmppAddress(""), .ipAddress([1, 2, 3])])
        let expected: [Presented] = [
            .unusable(.srvName, .embeddedNull, bytes: Array("_xmpp-server.a.example\0.b".utf8)),
            .unusable(.xmppAddress, .embeddedNull, bytes: [0x61, 0, 0x62]),
            .unusable(.xmppAddress, .emptyLabel, bytes: []),
            .unusable(.ipAddress, .wrongType, bytes: [1, 2, 3]),
        ]
        #expect(issued.certificate.subjectAlternativeNames == expected)
    }

    @Test(arguments: [
        (CertificateTemplate.Name.xmppAddress("a.example"), "a01706082b06010505070805a00b0c09612e6578616d706c65"),
        (
            .srv("_xmpp-server.a.example"),
            "a02406082b06010505070807a01816165f786d70702d7365727665722e612e6578616d706c65"
        ),
    ])
    func `CM-03: otherName entries are those of the test vectors`(
        name: CertificateTemplate.Name, vector: String
    ) throws {
        let issued = try Fixtures.issue("leaf", [name])
        #expect(Hexadecimal.encode(issued.certificate.der).contains(vector))
    }

    @Test func `DER is exactly one certificate, and PEM text may hold other things besides`() throws {
        let der = try Fixtures.issue("a.example").certificate.der
        _ = try Certificate(der: der)
        // The same certificate in BER: its length takes an octet more than it needs.
        #expect(der.starts(with: [0x30, 0x82]))
        let lengthened = [0x30, 0x83, 0x00] + der.dropFirst(2)
        for bytes in [[], [0x30], Array(der.dropLast()), der + [0], lengthened, [UInt8](repeating: 0xFF, count: 500)] {
            #expect(throws: CertificateFailure.malformed) { _ = try Certificate(der: bytes) }
        }

        let issued = try Fixtures.issue("a.example")
        let text = Array("a comment\n".utf8) + issued.privateKeyPEM + issued.chainPEM
        #expect(try Certificate.chain(pem: text) == issued.chain)
        #expect(throws: CertificateFailure.noCertificate) { try Certificate.chain(pem: Array("nothing".utf8)) }
    }
}
