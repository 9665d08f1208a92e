import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("Which TLSA records count, and what they name")
struct TLSASelectionTests {
    /// Made once by `openssl req -x509`; the digests by `sha256sum` and `sha512sum` over the output of `openssl x509
    /// -outform DER` and `openssl pkey -pubin -outform DER`.
    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBrTCCAVOgAwIBAgIUZS61gjA6KKNJ0RdmDqs9mzVVn+4wCgYIKoZIzj0EAwIw
        HDEaMBgGA1UEAwwRdW5yZWxhdGVkLmV4YW1wbGUwIBcNMjYxMTIxMDQyNjU2WhgP
        MjEyNjEwMjgwNDI2NTZaMBwxGjAYBgNVBAMMEXVucmVsYXRlZC5leGFtcGxlMFkw
        EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/mwKeEKC7UjixHcMfLAwywe+E1yS7kDe
        kP01wk4UT5+dMQtu84QFRdxfnXiy9tWL6eUHhoTacbVAbGxux9LXbKNxMG8wHQYD
        VR0OBBYEFDdeKNR20lp4nUYICAlwe9hBe7fiMB8GA1UdIwQYMBaAFDdeKNR20lp4
        nUYICAlwe9hBe7fiMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRdW5yZWxh
        dGVkLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIhAJlP8KR61hvjDGL9iXMB+p3/
        kwoMbHbytRWMh2DUbSDMAiAdTGsT1R4QipzUtELzh9mtj1ur3VmleoQyReCzzb+I
        6g==
        -----END CERTIFICATE-----
        """
    private static let key =
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004fe6c0a784282ed48e2c4770c7cb030cb07be135c92ee40de90fd35c2"
        + "4e144f9f9d310b6ef3840545dc5f9d78b2f6d58be9e5078684da71b5406c6c6ec7d2d76c"
    private static let digests: [String: String] = [
        "0 1": "3df69ac296fc76c9ee35533ba1cd8d6920bf0f2102ec2ca23ec34c8f698cba27",
        "0 2": "48319e6b8fb25dc834734b11ce0c882a49265720d973250c6a9ef35ee94d9783"
            + "ff251fcd5810a9fbcd3a96656e214d671ac8e4eafb37e8742bf44d71d0042945",
        "1 1": "5b7e12da33c6f2ccbd7152d3b814a4119ffc38ed1036c262d8afdc3f52f0c291",
        "1 2": "f60f0b6d959b54a687e8489e1001e5c12c151d5f946c6d68e4975679f119e0b6"
            + "52bf8aef0c4217af0850cf5695b295c0a6527118e1f05c317d127e5866c7a0ac",
    ]

    private static func chain() throws -> [PeerCertificate] { try Certificate.chain(pem: Array(pem.utf8)) }

    private static func data(_ selector: UInt8, _ matching: UInt8) throws -> [UInt8] {
        if matching == 0, selector == 0 { return try chain()[0].der }
        let text = matching == 0 ? key : digests["\(selector) \(matching)"] ?? ""
        return Hexadecimal.decode(text) ?? []
    }

    @Test(arguments: [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] as [(UInt8, UInt8)])
    func `DA-15: selector and matching type say what is compared`(selector: UInt8, matching: UInt8) throws {
        let chain = try Self.chain()
        let data = try Self.data(selector, matching)
        let record = TLSARecord(usage: 3, selector: selector, matching: matching, data: data)
        #expect(try TLSAFixtures.dialled(chain, record).isProven)
        let swapped = TLSARecord(usage: 3, selector: 1 - selector, matching: matching, data: data)
        #expect(try !TLSAFixtures.dialled(chain, swapped).isProven)
    }

    /// Records that nobody can use, each with a word of the reason.
    private static let unusable: [(TLSARecord, String)] = [
        (TLSARecord(usage: 3, selector: 1, matching: 1, data: [UInt8](repeating: 0, count: 31)), "31 octets"),
        (TLSARecord(usage: 3, selector: 1, matching: 2, data: [UInt8](repeating: 0, count: 32)), "32 octets"),
        (TLSARecord(usage: 3, selector: 1, matching: 0, data: [0x30, 0x03, 0x02, 0x01]), "cannot be read"),
        (TLSARecord(usage: 3, selector: 0, matching: 0, data: [0x30, 0x82, 0xFF, 0xFF]), "cannot be read"),
        (TLSARecord(usage: 4, selector: 1, matching: 1, data: [UInt8](repeating: 0, count: 32)), "usage 4"),
        (TLSARecord(usage: 255, selector: 0, matching: 0, data: [1]), "usage 255"),
        (TLSARecord(usage: 3, selector: 2, matching: 1, data: [UInt8](repeating: 0, count: 32)), "selector 2"),
        (TLSARecord(usage: 3, selector: 1, matching: 3, data: [UInt8](repeating: 0, count: 32)), "matching type 3"),
        (TLSARecord(usage: 3, selector: 1, matching: 1, data: []), "empty"),
    ]

    @Test(arguments: unusable)
    func `DA-10: a record that cannot be used is ignored alone`(record: TLSARecord, reason: String) throws {
        let chain = try TLSAFixtures.selfSigned()
        let alone = try TLSAFixtures.dialled(chain, record)
        #expect(alone.isInconclusive && alone.reason.contains(reason), "\(alone)")
        #expect(try TLSAFixtures.dialled(chain, record, TLSAFixtures.record(3, 1, 1, of: chain[0])).isProven)
        #expect(try TLSAFixtures.dialled(chain, record, TLSAFixtures.wrong(3, 1, 1)).isRefuted)
    }

    @Test func `DA-10: a whole key with an octet behind it, or a certificate, is no key`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let key = chain[0].subjectPublicKeyInfo
        for data in [key + [0], Array(key.dropLast()), chain[0].der] {
            let record = TLSARecord(usage: 3, selector: 1, matching: 0, data: data)
            #expect(try TLSAFixtures.dialled(chain, record).isInconclusive)
        }
    }

    @Test func `DA-09, DA-10: usages that the policy leaves out are unusable, and all unusable is as good as none`()
        throws
    {
        let chain = try TLSAFixtures.selfSigned()
        let content = TLSAAnswer.Content.records([
            TLSAFixtures.record(3, 1, 1, of: chain[0]),
            .init(
                usage: 9, selector: 9, matching: 9, data: [9]),
        ])
        let prooftype = try TLSAFixtures.prooftype(usages: [0, 1, 2])
        let assessment = try TLSAFixtures.dialled(chain, content, by: prooftype)
        #expect(assessment.isInconclusive)
        #expect(assessment.reason.contains("3 1 1: usage 3 is not accepted by the policy"))
        #expect(assessment.reason.contains("9 9 9: usage 9 is unknown"))
    }

    /// What stands beside each other for the same key, by whether it is right, and what comes of it.
    private static let agility: [(right: [UInt8], wrong: [UInt8], isProven: Bool)] = [
        ([1], [2], false), ([2], [1], true), ([1, 2], [], true), ([0], [2], true), ([0], [1, 2], true),
        ([1], [], true),
    ]

    @Test(arguments: agility)
    func `DA-16: of several digests the strongest decides, and whole values always count`(
        right: [UInt8], wrong: [UInt8], isProven: Bool
    ) throws {
        let chain = try TLSAFixtures.selfSigned()
        let records =
            right.map { TLSAFixtures.record(3, 1, $0, of: chain[0]) } + wrong.map { TLSAFixtures.wrong(3, 1, $0) }
        for order in [records, records.reversed()] {
            let assessment = try TLSAFixtures.dialled(chain, .records(order))
            #expect(isProven ? assessment.isProven : assessment.isRefuted, "\(assessment)")
        }
    }

    @Test func `DA-16: agility looks at one usage and selector, and at usable records only`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let right = TLSAFixtures.record(3, 1, 1, of: chain[0])
        #expect(try TLSAFixtures.dialled(chain, right, TLSAFixtures.wrong(3, 0, 2)).isProven)
        #expect(try TLSAFixtures.dialled(chain, right, TLSAFixtures.wrong(2, 1, 2)).isProven)
        let malformed = TLSARecord(usage: 3, selector: 1, matching: 2, data: [1, 2, 3])
        #expect(try TLSAFixtures.dialled(chain, malformed, right).isProven)
    }

    @Test func `DA-16: the order of the digests is the policy's`() throws {
        let chain = try TLSAFixtures.selfSigned()
        let store = try TrustStore(
            authorities: [.bytes(Certificates.authority().issued.certificatePEM, name: "test root")])
        let content = TLSAAnswer.Content.records([
            TLSAFixtures.record(3, 1, 1, of: chain[0]), TLSAFixtures.wrong(3, 1, 2),
        ])
        let other = DANEProoftype(trustStore: store, digests: [1, 2])
        #expect(try TLSAFixtures.dialled(chain, content, by: other).isProven)
        let without = DANEProoftype(trustStore: store, digests: [1])
        #expect(try TLSAFixtures.dialled(chain, content, by: without).isProven)
    }
}
