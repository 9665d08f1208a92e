import DNSMessages
import TestSupport
import Testing

@Suite("Keys, their digests and the hashes of names")
struct ZoneKeyTests {
    private static let key = """
        dskey.example.com. DNSKEY 256 3 5 (AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYw
            YqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==)
        """

    @Test(arguments: [
        (UInt8(1), "2BB183AF5F22588179A53B0A98631FAD1A292118"),
        (2, "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"),
    ])
    func `DS-05: the digest of a key is that of RFC 4034 and RFC 4509, and matches no other key`(
        type: UInt8, digest: String
    ) throws {
        let key = try #require(try TrustAnchorText.read(Self.key).first.flatMap(ZoneKey.init))
        #expect(key.tag == 60_485)
        #expect(key.digest(type: type) == octets(hex: digest))
        let signer = try #require(key.delegationSigner(digestType: type))
        #expect(signer.matches(key) && signer.isSupported)
        #expect(DelegationSigner(signer.record(timeToLive: 1)) == signer)

        let strong = try #require(key.delegationSigner())
        #expect(
            key.digest(type: 3) == nil && key.digest(type: 0) == nil && key.delegationSigner(digestType: 250) == nil)
        let elsewhere = ZoneKey(
            owner: try name("other.example"), flags: key.flags, algorithm: key.algorithm, publicKey: key.publicKey)
        let revoked = ZoneKey(
            owner: key.owner, flags: key.flags | ZoneKey.revokedFlag, algorithm: key.algorithm, publicKey: key.publicKey
        )
        #expect(!strong.matches(elsewhere) && !strong.matches(revoked))
        for (tag, algorithm, kind, octets) in [
            (strong.keyTag &+ 1, strong.algorithm, UInt8(2), strong.digest),
            (strong.keyTag, .rsaSHA256, 2, strong.digest), (strong.keyTag, strong.algorithm, 4, strong.digest),
            (strong.keyTag, strong.algorithm, 2, Array(strong.digest.dropLast())),
            (strong.keyTag, strong.algorithm, 2, []),
            (strong.keyTag, strong.algorithm, 3, strong.digest),
        ] {
            let other = DelegationSigner(
                owner: strong.owner, keyTag: tag, algorithm: algorithm, digestType: kind, digest: octets)
            #expect(!other.matches(key) && other.isSupported == (kind != 3))
        }
    }

    private static let modulus = [0xC0] + [UInt8](repeating: 0x55, count: 127)

    /// A public key, and whether signatures by it are checked.
    struct PublicKey: Sendable {
        let algorithm: SigningAlgorithm
        let octets: [UInt8]
        let isSupported: Bool

        init(_ algorithm: SigningAlgorithm, _ octets: [UInt8], isSupported: Bool) {
            (self.algorithm, self.octets, self.isSupported) = (algorithm, octets, isSupported)
        }
    }

    /// Moduli that are too short, too long, missing, even, with a leading zero; exponents that are missing, one, even,
    /// too long, longer than the key, in the long form; points of a wrong length; algorithms that are not supported.
    private static let publicKeys: [PublicKey] = [
        PublicKey(.rsaSHA256, [3, 1, 0, 1] + modulus, isSupported: true),
        PublicKey(.rsaSHA1, [1, 3] + modulus, isSupported: true),
        PublicKey(.rsaSHA256, [5, 1, 0, 0, 0, 1] + modulus, isSupported: true),
        PublicKey(.rsaSHA256, [3, 1, 0, 1] + modulus.dropLast(), isSupported: false),
        PublicKey(.rsaSHA256, [3, 1, 0, 1, 0x55] + modulus.dropFirst(), isSupported: false),
        PublicKey(.rsaSHA256, [3, 1, 0, 1] + modulus + [UInt8](repeating: 0x55, count: 385), isSupported: false),
        PublicKey(.rsaSHA256, [3, 1, 0, 1] + [UInt8](repeating: 0x55, count: 60_000), isSupported: false),
        PublicKey(.rsaSHA256, [3, 1, 0, 1], isSupported: false),
        PublicKey(.rsaSHA256, [1, 3] + [0] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [1, 3] + modulus.dropLast() + [2], isSupported: false),
        PublicKey(.rsaSHA256, modulus, isSupported: false),
        PublicKey(.rsaSHA256, [1, 1] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [1, 4] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [6, 1, 0, 0, 0, 0, 1] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [255] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [0, 0, 3, 1, 0, 1] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [0, 255, 255] + modulus, isSupported: false),
        PublicKey(.rsaSHA256, [0], isSupported: false),
        PublicKey(.rsaSHA256, [0, 0], isSupported: false),
        PublicKey(.rsaSHA256, [], isSupported: false),
        PublicKey(.rsaSHA256, [1], isSupported: false),
        PublicKey(.ecdsaP256SHA256, Array(repeating: 1, count: 64), isSupported: true),
        PublicKey(.ecdsaP256SHA256, Array(repeating: 1, count: 63), isSupported: false),
        PublicKey(.ecdsaP256SHA256, Array(repeating: 1, count: 65), isSupported: false),
        PublicKey(.ecdsaP384SHA384, Array(repeating: 1, count: 64), isSupported: false),
        PublicKey(.ecdsaP384SHA384, [], isSupported: false),
        PublicKey(.ed25519, Array(repeating: 1, count: 33), isSupported: false),
        PublicKey(.ed448, Array(repeating: 1, count: 56), isSupported: false),
        PublicKey(SigningAlgorithm(rawValue: 1), [3, 1, 0, 1] + modulus, isSupported: false),
        PublicKey(SigningAlgorithm(rawValue: 3), [3, 1, 0, 1] + modulus, isSupported: false),
        PublicKey(SigningAlgorithm(rawValue: 250), [3, 1, 0, 1] + modulus, isSupported: false),
    ]

    @Test(arguments: publicKeys)
    func `DS-12: only keys of a sensible form are used`(publicKey: PublicKey) throws {
        let algorithm = publicKey.algorithm
        let key = ZoneKey(owner: try name("example"), flags: 256, algorithm: algorithm, publicKey: publicKey.octets)
        #expect(key.isSupported == publicKey.isSupported)
        // A point that is none and a modulus that is a repeated digit: refused, not trapped on.
        let record = DNSRecord(owner: key.owner, type: .txt, timeToLive: 1, octets: [1, 65])
        for count in [64, 96, 114, 128, 512] {
            let signature = RecordSignature(
                owner: key.owner, coveredType: .txt, algorithm: algorithm, labels: 1, originalTimeToLive: 1,
                expiration: 1, inception: 0, keyTag: key.tag, signer: key.owner,
                signature: Array(repeating: 1, count: count), timeToLive: 1)
            #expect(!SignatureCheck.isValid(signature, over: [record], by: key))
        }
    }

    @Test(arguments: [
        ("example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"), ("a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl"),
        ("ai.example", "gjeqe526plbf1g8mklp59enfd789njgi"), ("ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"),
        ("ns2.example", "q04jkcevqvmu85r014c7dkba38o0ji5r"), ("w.example", "k8udemvp1j2f7eg6jebps17vp3n8i58h"),
        ("*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"), ("x.w.example", "b4um86eghhds6nea196smvmlo4ors995"),
        ("y.w.example", "ji6neoaepv8b5o6k4ev33abha8ht9fgc"), ("x.y.w.example", "2vptu5timamqttgl4luu9kg21e0aor3s"),
        ("xx.example", "t644ebqk9bibcna874givr6joj62mlhv"),
        ("2t7b4g4vsa5smi47k61mv5bv1a22bojr.example", "kohar7mbb8dc2ce8a9qvl8hon4k53uhi"),
    ])
    func `DS-09: names have the hashes of RFC 5155 appendix A`(text: String, hash: String) throws {
        let parameters = NextSecureHashed.Parameters(iterations: 12, salt: [0xAA, 0xBB, 0xCC, 0xDD])
        let digest = parameters.hash(of: try name(text.uppercased()))
        let owner = try #require(NextSecureHashed.owner(ofHash: digest, in: try name("example")))
        #expect(try owner == name("\(hash).example"))
        let record = NextSecureHashed(
            owner: owner, parameters: parameters, flags: 1, nextHash: digest, types: RecordTypeSet([.a, .rrsig]))
        let read = try #require(NextSecureHashed(record.record(timeToLive: 1)))
        #expect(read == record && read.ownerHash == digest)
        #expect(try read.zone == name("example"))
    }

    @Test(arguments: ["0", "01w", "vv1", "a b", "aé", "vvvvvv", "0p9mhaveqvm6t7vbl5lop2u3t2rp3", "-"])
    func `DS-09: a first label that is no hash is none`(label: String) throws {
        let owner = try DNSName(wire: [UInt8(label.utf8.count)] + Array(label.utf8) + [0])
        let record = NextSecureHashed(
            owner: owner, parameters: .init(), flags: 0, nextHash: [1], types: RecordTypeSet([]))
        #expect(record.ownerHash == nil)
        #expect(NextSecureHashed.owner(ofHash: [], in: .root) == nil)
        #expect(NextSecureHashed.owner(ofHash: Array(repeating: 0, count: 40), in: .root) == nil)

        #expect(NextSecureHashed.Parameters(algorithm: 2).hash(of: .root).isEmpty)
    }

    @Test func `malformed data of every type make no value and no trap`() throws {
        var generator = SeededGenerator(state: 5)
        let types: [RecordType] = [.ds, .dnskey, .rrsig, .nsec, .nsec3, .nsec3param, .svcb, .https, .txt]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...40, using: &generator)
            let octets = (0..<count).map { _ in
                UInt8.random(in: 0...(Bool.random(using: &generator) ? 255 : 4), using: &generator)
            }
            let type = types.randomElement(using: &generator) ?? .ds
            let record = DNSRecord(owner: .root, type: type, timeToLive: 1, octets: octets)
            _ = DelegationSigner(record)
            _ = ZoneKey(record)?.isSupported
            _ = RecordSignature(record)
            _ = NextSecure(record)?.types.all
            _ = NextSecureHashed(record)?.ownerHash
            _ = NextSecureHashed.Parameters(record)
            _ = ServiceBinding(record)?.httpsPath
            #expect(record.presentation.utf8.allSatisfy { 0x20...0x7E ~= $0 })
        }
    }
}
