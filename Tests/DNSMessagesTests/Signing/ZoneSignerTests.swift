import DNSMessages
import Testing

@Suite("Signing of zones")
struct ZoneSignerTests {
    private static let plainTypes: Set<RecordType> = [.rrsig, .nsec, .nsec3, .dnskey, .nsec3param]

    /// What was there before the zone was signed.
    private static func unsigned(_ records: [DNSRecord]) -> [DNSRecord] {
        records.filter { !plainTypes.contains($0.type) }
    }

    private static func signer(_ zone: String, _ denial: ZoneSigner.Denial = .nextSecure) throws -> ZoneSigner {
        let zone = try name(zone)
        let keys = [
            try SigningKey(zone: zone, algorithm: .ecdsaP256SHA256, flags: 257),
            try SigningKey(zone: zone, algorithm: .ecdsaP256SHA256),
        ]
        return ZoneSigner(zone: zone, keys: keys, denial: denial, inception: 1000, expiration: 2000)
    }

    @Test func `the zone of RFC 4035 gets the denials that it has there`() throws {
        let records = try MasterFile.read(ExampleZone.text)
        let expected = Set(records.compactMap(NextSecure.init).map(\.description))
        let signed = try Self.signer("example").sign(Self.unsigned(records))
        #expect(expected.count == 10)
        #expect(Set(signed.compactMap(NextSecure.init).map(\.description)) == expected)
        // And signatures over the same sets.
        let covered = { (records: [DNSRecord]) in
            Set(records.compactMap(RecordSignature.init).map { "\($0.owner) \($0.coveredType) \($0.labels)" })
        }
        #expect(covered(signed) == covered(records))
    }

    /// The zone of RFC 5155 appendix A before it was signed; the second name is the hash of another.
    private static let hashedZone = """
        $ORIGIN example.
        $TTL 3600
        @ SOA ns1 bugs.x.w 1 3600 300 3600000 3600
          NS ns1
          NS ns2
          MX 1 xx
        2t7b4g4vsa5smi47k61mv5bv1a22bojr A 192.0.2.127
        a NS ns1.a
          NS ns2.a
          DS 58470 5 1 3079F1593EBAD6DC121E202A8B766A6A4837206C
        ns1.a A 192.0.2.5
        ns2.a A 192.0.2.6
        ai A 192.0.2.9
           HINFO "KLH-10" "ITS"
           AAAA 2001:db8:0:0:0:0:f00:baa9
        c NS ns1.c
          NS ns2.c
        ns1.c A 192.0.2.7
        ns2.c A 192.0.2.8
        ns1 A 192.0.2.1
        ns2 A 192.0.2.2
        *.w MX 1 ai
        x.w MX 1 xx
        x.y.w MX 1 xx
        xx A 192.0.2.10
           HINFO "KLH-10" "TOPS-20"
           AAAA 2001:db8:0:0:0:0:f00:baaa
        """

    private static let hashedDenials = """
        0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM
        2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG
        2vptu5timamqttgl4luu9kg21e0aor3s 35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG
        35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG
        b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG
        gjeqe526plbf1g8mklp59enfd789njgi ji6neoaepv8b5o6k4ev33abha8ht9fgc A TYPE13 AAAA RRSIG
        ji6neoaepv8b5o6k4ev33abha8ht9fgc k8udemvp1j2f7eg6jebps17vp3n8i58h
        k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi
        kohar7mbb8dc2ce8a9qvl8hon4k53uhi q04jkcevqvmu85r014c7dkba38o0ji5r A RRSIG
        q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG
        r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv MX RRSIG
        t644ebqk9bibcna874givr6joj62mlhv 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A TYPE13 AAAA RRSIG
        """

    @Test func `the zone of RFC 5155 gets the hashed denials that it has there`() throws {
        let parameters = NextSecureHashed.Parameters(iterations: 12, salt: [0xAA, 0xBB, 0xCC, 0xDD])
        let signer = try Self.signer("example", .hashed(parameters, optOut: true))
        let signed = try signer.sign(try MasterFile.read(Self.hashedZone))
        let denials = signed.filter { $0.type == .nsec3 }.map { record in
            let words = record.presentation.split(separator: " ")
            #expect(words[4...7] == ["1", "1", "12", "aabbccdd"])
            return ([words[0].prefix { $0 != "." }] + words[8...]).joined(separator: " ")
        }
        #expect(denials.joined(separator: "\n") == Self.hashedDenials)
        #expect(signed.contains { NextSecureHashed.Parameters($0) == parameters })

        let inFull = try Self.signer("example", .hashed(.init(), optOut: false)).sign(
            try MasterFile.read(Self.hashedZone))
        let all = inFull.compactMap(NextSecureHashed.init)
        #expect(all.count == 13 && all.allSatisfy { !$0.isOptOut })
        let hash = NextSecureHashed.Parameters().hash(of: try name("c.example"))
        let cut = try #require(all.first { $0.ownerHash == hash })
        #expect(cut.types == RecordTypeSet([.ns]))
    }

    @Test(arguments: [ZoneSigner.Denial.nextSecure, .hashed(.init(iterations: 1, salt: [1]), optOut: false)])
    func `DS-11: a signed zone is valid throughout`(denial: ZoneSigner.Denial) throws {
        let signer = try Self.signer("example", denial)
        let signed = try signer.sign(try MasterFile.read(Self.hashedZone))
        let (seen, glue): (Set<String>, Set<String>) = try signed.reduce(into: ([], [])) { sets, record in
            guard let signature = RecordSignature(record) else {
                sets.1.insert("\(record.owner) \(record.type)")
                return
            }
            let key = try #require(signer.keys.first { $0.zoneKey.tag == signature.keyTag }).zoneKey
            #expect((signature.coveredType == .dnskey) == key.isSecureEntryPoint)
            let set = signed.filter { $0.owner == signature.owner && $0.type == signature.coveredType }
            #expect(SignatureCheck.isValid(signature, over: set, by: key))
            sets.0.insert("\(signature.owner) \(signature.coveredType)")
        }
        #expect(
            glue.subtracting(seen) == [
                "a.example NS", "c.example NS", "ns1.a.example A", "ns2.a.example A", "ns1.c.example A",
                "ns2.c.example A",
            ])
    }

    @Test func `a key alone signs everything, and a revoked one only the keys`() throws {
        let zone = try name("example")
        let key = try SigningKey(zone: zone, algorithm: .ed25519, flags: 257)
        let standby = try SigningKey(zone: zone, algorithm: .ed25519, flags: 257).zoneKey
        let revoked = try SigningKey(zone: zone, algorithm: .ed25519, flags: 257).revoked
        var signer = ZoneSigner(zone: zone, keys: [key, revoked], inception: 0, expiration: 1)
        signer.standbyKeys = [standby]
        let signed = try signer.sign(try MasterFile.read("example. 60 SOA a. b. 1 2 3 4 5"))
        let tags = { (type: RecordType) in
            Set(signed.compactMap(RecordSignature.init).filter { $0.coveredType == type }.map(\.keyTag))
        }
        #expect(tags(.dnskey) == [key.zoneKey.tag, revoked.zoneKey.tag])
        #expect(tags(.soa) == [key.zoneKey.tag] && tags(.nsec) == [key.zoneKey.tag])
        #expect(Set(signed.compactMap(ZoneKey.init)) == [key.zoneKey, revoked.zoneKey, standby])
        // RFC 9077: the denial lives as long as the SOA record says at most.
        #expect(signed.first { $0.type == .nsec }?.timeToLive == 5)
    }

    @Test func `what cannot be signed is refused with the reason`() throws {
        let zone = try name("example")
        let signer = try Self.signer("example")
        #expect(throws: SigningFailure.noStartOfAuthority(zone: zone)) { try signer.sign([]) }
        let stray = try MasterFile.read("example. SOA a. b. 1 2 3 4 5\nother. A 192.0.2.1")
        #expect(throws: SigningFailure.outsideZone(try name("other"))) { try signer.sign(stray) }
        let keyless = ZoneSigner(zone: zone, keys: [], inception: 0, expiration: 1)
        #expect(throws: SigningFailure.noKey(zone: zone)) { try keyless.sign([stray[0]]) }
        let unknown = SigningAlgorithm(rawValue: 3)
        #expect(throws: SigningFailure.unsupportedAlgorithm(unknown)) { try SigningKey(zone: zone, algorithm: unknown) }
        let key = try SigningKey(zone: zone, algorithm: .ed25519)
        #expect(throws: SigningFailure.notOneSet) { try key.sign([], inception: 0, expiration: 1) }
        #expect(throws: SigningFailure.notOneSet) { try key.sign(stray, inception: 0, expiration: 1) }
    }
}

extension NextSecure {
    fileprivate var description: String { "\(owner) \(next) \(types.all)" }
}
