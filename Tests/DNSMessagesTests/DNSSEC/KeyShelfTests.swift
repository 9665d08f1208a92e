import DNSMessages
import Testing

@Suite struct KeyShelfTests {
    @Test(arguments: SignatureCheckTests.algorithms)
    func `DS-12: a kept key says what it said at first, of every signature`(algorithm: SigningAlgorithm) throws {
        let shelf = KeyShelf()
        let zone = try name("example")
        let key = try SigningKey(zone: zone, algorithm: algorithm, modulusBits: 1024)
        let other = try SigningKey(zone: zone, algorithm: algorithm, modulusBits: 1024)
        let records = try MasterFile.read("a.example. 300 SRV 1 2 3 b.example.\na.example. 300 SRV 1 2 4 c.example.")
        let signature = try key.sign(records, inception: 1000, expiration: 2000)
        for _ in 0..<3 {
            #expect(SignatureCheck.isValid(signature, over: records, by: key.zoneKey, keepingKeyOn: shelf))
            #expect(!SignatureCheck.isValid(signature, over: records, by: other.zoneKey, keepingKeyOn: shelf))
            #expect(!SignatureCheck.isValid(signature, over: [records[0]], by: key.zoneKey, keepingKeyOn: shelf))
        }
        #expect(shelf.count == 2)
        // The same octets are another key where the algorithm is another.
        for algorithm in SignatureCheckTests.algorithms where algorithm != key.zoneKey.algorithm {
            let pretender = ZoneKey(owner: zone, flags: 256, algorithm: algorithm, publicKey: key.zoneKey.publicKey)
            #expect(!SignatureCheck.isValid(signature, over: records, by: pretender, keepingKeyOn: shelf))
        }
    }

    @Test func `no more keys are kept than there is room for`() throws {
        let shelf = KeyShelf(capacity: 4)
        let records = try MasterFile.read("a.example. 300 A 192.0.2.1")
        for _ in 0..<20 {
            let key = try SigningKey(zone: try name("example"), algorithm: .ed25519)
            let signature = try key.sign(records, inception: 1000, expiration: 2000)
            #expect(SignatureCheck.isValid(signature, over: records, by: key.zoneKey, keepingKeyOn: shelf))
            #expect(shelf.count <= 4)
        }
    }
}
