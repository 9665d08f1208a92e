import DNSMessages
import Testing

@Suite("Checks of signatures (RFC 4035 §5.3)")
struct SignatureCheckTests {
    /// A key, its DS record, one record and its signature.
    struct Vector: Sendable, CustomTestStringConvertible {
        let source: String
        let text: String

        var testDescription: String { source }
    }

    private static let vectors = [
        Vector(
            source: "RFC 5702 §6.2",
            text: """
                example.net. 3600 IN DNSKEY (256 3 10 AwEAAdHoNTOW+et86KuJOWRD
                    p1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFD
                    xj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8g
                    pMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL)
                www.example.net. 3600 IN A 192.0.2.91
                www.example.net. 3600 IN RRSIG (A 10 3 3600 20300101000000
                    20000101000000 3740 example.net. tsb4wnjRUDnB1BUi+t
                    6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRa
                    eUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOL
                    DiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=)
                """),
        Vector(
            source: "RFC 6605 §6.1",
            text: """
                example.net. 3600 IN DNSKEY 257 3 13 (
                    GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb
                    krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA== )
                example.net. 3600 IN DS 55648 13 2 (
                    b4c8c1fe2e7477127b27115656ad6256f424625bf5c1
                    e2770ce6d6e37df61d17 )
                www.example.net. 3600 IN A 192.0.2.1
                www.example.net. 3600 IN RRSIG A 13 3 3600 (
                    20100909100439 20100812100439 55648 example.net.
                    qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXA
                    yGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw== )
                """),
        Vector(
            source: "RFC 6605 §6.2",
            text: """
                example.net. 3600 IN DNSKEY 257 3 14 (
                    xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1
                    w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8
                    /uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40 )
                example.net. 3600 IN DS 10771 14 4 (
                    72d7b62976ce06438e9c0bf319013cf801f09ecc84b8
                    d7e9495f27e305c6a9b0563a9b5f4d288405c3008a94
                    6df983d6 )
                www.example.net. 3600 IN A 192.0.2.1
                www.example.net. 3600 IN RRSIG A 14 3 3600 (
                    20100909102025 20100812102025 10771 example.net.
                    /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP
                    95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuz
                    WTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm )
                """),
        Vector(
            source: "RFC 8080 §6.1",
            text: """
                example.com. 3600 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=
                example.com. 3600 IN DS 3613 15 2 (
                    3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b )
                example.com. 3600 IN MX 10 mail.example.com.
                example.com. 3600 IN RRSIG MX 15 2 3600 (
                    1440021600 1438207200 3613 example.com.
                    oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3f
                    x8A4M3e23mRZ9VrbpMngwcrqNAg== )
                """),
        Vector(
            source: "RFC 8080 §6.2",
            text: """
                example.com. 3600 IN DNSKEY 257 3 16 (
                    3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx
                    1FYYUcJKm1MDpJtIA )
                example.com. 3600 IN DS 9713 16 2 (
                    6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7 )
                example.com. 3600 IN MX 10 mail.example.com.
                example.com. 3600 IN RRSIG MX 16 2 3600 (
                    1440021600 1438207200 9713 example.com.
                    3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0am
                    xWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/
                    JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA )
                """),
    ]

    @Test(arguments: vectors)
    func `DS-12: the examples of the specifications are valid`(vector: Vector) throws {
        let records = try MasterFile.read(vector.text)
        let key = try #require(records.lazy.compactMap(ZoneKey.init).first)
        let signature = try #require(records.lazy.compactMap(RecordSignature.init).first)
        let covered = records.filter { $0.type == signature.coveredType }
        #expect(key.tag == signature.keyTag)
        #expect(SignatureCheck.isValid(signature, over: covered, by: key))
        if let signer = records.lazy.compactMap(DelegationSigner.init).first { #expect(signer.matches(key)) }
    }

    @Test func `DS-11: every signature of the zone of RFC 4035 is valid`() throws {
        let records = try MasterFile.read(ExampleZone.text)
        let keys = records.compactMap(ZoneKey.init)
        let signatures = records.compactMap(RecordSignature.init)
        #expect(signatures.count == 27 && keys.count == 2)
        for signature in signatures {
            let key = try #require(keys.first { $0.tag == signature.keyTag })
            let covered = records.filter { $0.owner == signature.owner && $0.type == signature.coveredType }
            #expect(SignatureCheck.isValid(signature, over: covered, by: key), "\(signature)")
            // From a wildcard, in another order, with less time to live.
            let owner = signature.owner.isWildcard ? try name("anything.at.all.w.example") : signature.owner
            let asAnswered = try covered.reversed().map { record in
                DNSRecord(owner: owner, type: record.type, timeToLive: 7, octets: try rawData(of: record))
            }
            #expect(SignatureCheck.isValid(signature.moved(to: owner), over: asAnswered, by: key), "\(signature)")
        }
    }

    static let algorithms: [SigningAlgorithm] = [
        .rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512, .ecdsaP256SHA256, .ecdsaP384SHA384, .ed25519, .ed448,
    ]

    @Test(arguments: algorithms)
    func `DS-12: what a key signs it is valid for, and nothing else`(algorithm: SigningAlgorithm) throws {
        let zone = try name("example")
        let key = try SigningKey(zone: zone, algorithm: algorithm, modulusBits: 1024)
        #expect(key.zoneKey.isSupported)
        let records = try MasterFile.read("a.example. 300 SRV 1 2 3 b.example.\na.example. 300 SRV 1 2 4 c.example.")
        let signature = try key.sign(records, inception: 1000, expiration: 2000)
        #expect(SignatureCheck.isValid(signature, over: records, by: key.zoneKey))
        #expect(SignatureCheck.isValid(signature, over: records.reversed() + records, by: key.zoneKey))

        let other = try SigningKey(zone: zone, algorithm: algorithm, modulusBits: 1024)
        #expect(!SignatureCheck.isValid(signature, over: records, by: other.zoneKey))
        #expect(!SignatureCheck.isValid(signature, over: [records[0]], by: key.zoneKey))
        #expect(!SignatureCheck.isValid(signature, over: [], by: key.zoneKey))
        let foreign = try MasterFile.read("b.example. 300 SRV 1 2 3 b.example.\na.example. 300 A 192.0.2.1")
        #expect(!SignatureCheck.isValid(signature, over: records + [foreign[0]], by: key.zoneKey))
        #expect(!SignatureCheck.isValid(signature, over: records + [foreign[1]], by: key.zoneKey))
        for algorithm in Self.algorithms where algorithm != key.zoneKey.algorithm {
            let pretender = ZoneKey(
                owner: zone, flags: 256, algorithm: algorithm, publicKey: key.zoneKey.publicKey)
            #expect(!SignatureCheck.isValid(signature, over: records, by: pretender))
        }
    }

    @Test(arguments: [SigningAlgorithm.rsaSHA256, .ecdsaP256SHA256, .ed25519])
    func `one bit changed anywhere makes a signature invalid`(algorithm: SigningAlgorithm) throws {
        let key = try SigningKey(zone: try name("example"), algorithm: algorithm, modulusBits: 1024)
        let record = try #require(try MasterFile.read("a.example. 300 TXT \"a text\"").first)
        let signature = try key.sign([record], inception: 1000, expiration: 2000).record
        let flippable: [(octets: [UInt8], isValid: ([UInt8]) -> Bool)] = [
            (
                try rawData(of: signature),
                { octets in
                    let changed = DNSRecord(owner: signature.owner, type: .rrsig, timeToLive: 300, octets: octets)
                    guard let changed = RecordSignature(changed) else { return false }
                    return SignatureCheck.isValid(changed, over: [record], by: key.zoneKey)
                }
            ),
            (
                try rawData(of: record),
                { octets in
                    let changed = DNSRecord(owner: record.owner, type: .txt, timeToLive: 300, octets: octets)
                    return RecordSignature(signature).map {
                        SignatureCheck.isValid($0, over: [changed], by: key.zoneKey)
                    } ?? false
                }
            ),
            (
                key.zoneKey.publicKey,
                { octets in
                    let changed = ZoneKey(
                        owner: key.zoneKey.owner, flags: 256, algorithm: algorithm, publicKey: octets)
                    return RecordSignature(signature).map {
                        SignatureCheck.isValid($0, over: [record], by: changed)
                    } ?? false
                }
            ),
        ]
        for (octets, isValid) in flippable {
            #expect(isValid(octets))
            for bit in 0..<(octets.count * 8) {
                var changed = octets
                changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
                // In the signer's name a bit that changes the letter case changes nothing.
                if changed.map(lowercased) == octets.map(lowercased) { continue }
                #expect(!isValid(changed), "bit \(bit)")
            }
        }
    }

    private func lowercased(_ octet: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= octet ? octet | 0x20 : octet
    }

    @Test func `a signature of nothing but extreme numbers is refused`() throws {
        let record = try #require(try MasterFile.read("a.example. 300 A 192.0.2.1").first)
        for algorithm in Self.algorithms {
            let key = try SigningKey(zone: try name("example"), algorithm: algorithm, modulusBits: 1024).zoneKey
            let honest = try SigningKey(zone: try name("example"), algorithm: algorithm, modulusBits: 1024)
                .sign([record], inception: 0, expiration: 1)
            for count in [
                0, 1, 32, honest.signature.count - 1, honest.signature.count, honest.signature.count + 1, 5000,
            ] {
                for octet: UInt8 in [0, 1, 0x80, 0xFF] {
                    let signature = honest.with(signature: [UInt8](repeating: octet, count: count))
                    #expect(!SignatureCheck.isValid(signature, over: [record], by: key))
                }
            }
        }
    }

    @Test(arguments: [UInt8(0), 1, 2, 4, 127, 128, 255])
    func `DS-03: labels that the owner does not have make a signature invalid`(labels: UInt8) throws {
        let key = try SigningKey(zone: try name("example"), algorithm: .ecdsaP256SHA256)
        let record = try #require(try MasterFile.read("b.a.example. 300 A 192.0.2.1").first)
        let honest = try key.sign([record], inception: 0, expiration: 1)
        #expect(honest.labels == 3)
        #expect(!SignatureCheck.isValid(honest.with(labels: labels), over: [record], by: key.zoneKey))
    }
}
