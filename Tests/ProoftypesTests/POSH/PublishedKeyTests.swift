import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

/// What a published key has to agree with, and how long it proves something.
@Suite struct PublishedKeyTests {
    private static func assess(_ leaf: PeerCertificate, _ form: PublishedKeyMaterial.Form) throws -> Assessment {
        let domain = try DomainName("a.example")
        let claim = DomainClaim(
            pair: DomainPair(sender: try DomainName("ours.example"), target: domain), side: .target,
            certificates: [leaf], moment: Certificates.now)
        var evidence = Evidence()
        evidence.add(
            PublishedKeys(
                .material(PublishedKeyMaterial(form, lifetime: 600)), urls: ["https://a.example/x"],
                expires: Certificates.now + 600), of: domain)
        return POSHProoftype().assess(claim, with: evidence)
    }

    private static func fingerprint(_ leaf: PeerCertificate) -> PublishedKeyMaterial.Form {
        .fingerprints([PublishedKeyMaterial.Descriptor([.sha256: leaf.sha256])])
    }

    /// How a key may differ from the certificate's, and whether it still is the same.
    private typealias Key = PublishedKeyMaterial.PublicKey

    private static func variants(of key: Key) -> [(key: Key, isSame: Bool)] {
        switch key {
        case .rsa(let modulus, let exponent):
            [
                (.rsa(modulus: modulus, exponent: exponent), true),
                (.rsa(modulus: [0] + modulus, exponent: [0, 0] + exponent), true),
                (.rsa(modulus: modulus, exponent: [3]), false),
                (.rsa(modulus: [1] + modulus, exponent: exponent), false),
                (.rsa(modulus: modulus + [0], exponent: exponent), false),
            ]
        case .ellipticCurve(let curve, let x, let y):
            [
                (.ellipticCurve(curve: curve, x: x, y: y), true),
                (.ellipticCurve(curve: curve, x: [0] + x, y: y), true),
                (.ellipticCurve(curve: curve, x: x, y: x), false), (.ellipticCurve(curve: curve, x: y, y: y), false),
                (.ellipticCurve(curve: curve == "P-384" ? "P-256" : "P-384", x: x, y: y), false),
            ]
        case .octetKeyPair: []
        }
    }

    @Test(arguments: [CertificateTemplate.Key.rsa(2048), .ellipticCurve("P-256"), .ellipticCurve("P-384")])
    func `PO-14: every public member has to be the certificate's, and zeros in front change none`(
        kind: CertificateTemplate.Key
    ) throws {
        let leaf = try Certificates.chain([.dns("hosting.example.net")]) { $0.key = kind }[0]
        let text = try POSHPublication.document(.draft, of: [leaf], expires: 600)
        guard case .keys(let material) = try POSHDocument(Array(text.utf8)), case .webKeys(let keys) = material.form
        else {
            Issue.record("no keys")
            return
        }
        let key = try #require(keys.first)
        let variants = Self.variants(of: key.publicKey)
        #expect(!variants.isEmpty)
        for variant in variants {
            var changed = key
            changed.publicKey = variant.key
            #expect(try Self.assess(leaf, .webKeys([changed])).isProven == variant.isSame, "\(variant.key)")
        }
    }

    @Test func `PO-07: a certificate that is not valid yet proves nothing, and one that ends soon no longer`() throws {
        let early = try Certificates.chain([.dns("x.example")]) { $0.notBefore = Certificates.now + 60 }[0]
        #expect(try Self.assess(early, Self.fingerprint(early)).reason.contains("validity"))
        let soon = try Certificates.chain([.dns("x.example")]) { $0.notAfter = Certificates.now + 60 }[0]
        guard case .proven(let proof) = try Self.assess(soon, Self.fingerprint(soon)) else {
            Issue.record("not proven")
            return
        }
        #expect(proof.expires == Certificates.now + 60)
    }

    @Test(arguments: POSHPublication.Form.allCases)
    func `PO-23: the first certificate stands first, and each stands once`(form: POSHPublication.Form) throws {
        let (next, current) = (
            try Certificates.chain([.dns("a.example")])[0], try Certificates.chain([.dns("a.example")])[0]
        )
        let text = try POSHPublication.document(form, of: [next, current, next], expires: 60)
        guard case .keys(let material) = try POSHDocument(Array(text.utf8)) else {
            Issue.record("no keys")
            return
        }
        let digests: [[UInt8]?] =
            switch material.form {
            case .fingerprints(let descriptors): descriptors.map { $0.digests[.sha256] }
            case .webKeys(let keys): keys.map { $0.thumbprints[.sha256] }
            }
        #expect(digests == [next.sha256, current.sha256])
        #expect(["max-age=60", "no-cache"].contains(POSHPublication.cacheControl))
    }

    @Test func `PO-14: of an Edwards curve the key itself has to be the certificate's`() throws {
        let octets = [UInt8](repeating: 5, count: 32)
        let header: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let leaf = PeerCertificate(
            der: [1, 2, 3], sha256: Digest.sha256([1, 2, 3]), subjectPublicKeyInfo: header + octets)
        for (key, isSame) in [
            (Key.octetKeyPair(curve: "Ed25519", x: octets), true), (.octetKeyPair(curve: "Ed448", x: octets), false),
            (.octetKeyPair(curve: "Ed25519", x: [UInt8](repeating: 6, count: 32)), false),
        ] {
            let webKey = PublishedKeyMaterial.WebKey(publicKey: key, thumbprints: [.sha256: leaf.sha256])
            #expect(try Self.assess(leaf, .webKeys([webKey])).isProven == isSame)
        }
    }

    @Test(
        arguments: [
            ([172, 16, 0, 1], false), ([172, 15, 255, 255], true), ([100, 127, 255, 255], false),
            ([100, 128, 0, 1], true),
            ([198, 18, 0, 1], false), ([198, 19, 255, 255], false), ([192, 0, 0, 8], false),
        ] as [([UInt8], Bool)])
    func `PO-22: the blocks of private addresses end where they end, and a split zone begins at its own name`(
        octets: [UInt8], isPublic: Bool
    ) throws {
        let strict = POSHAddressGuard(zones: [try DomainName("corp.example")])
        #expect(strict.permits(octets, of: "a.example") == isPublic)
        #expect(strict.permits(octets, of: "corp.example"))
    }
}
