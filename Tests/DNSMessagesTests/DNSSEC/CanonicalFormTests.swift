import DNSMessages
import TestSupport
import Testing

@Suite("The canonical form of records (RFC 4034 §6)")
struct CanonicalFormTests {
    private let key: SigningKey
    private let zone: DNSName

    init() throws {
        zone = try name("example")
        key = try SigningKey(zone: zone, algorithm: .ed25519)
    }

    /// Whether a signature over the one counts for the other.
    private func isSame(_ one: [DNSRecord], _ other: [DNSRecord]) throws -> Bool {
        let signature = try key.sign(one, inception: 0, expiration: 1)
        return SignatureCheck.isValid(signature, over: other, by: key.zoneKey)
    }

    private func record(_ type: UInt16, _ octets: [UInt8], timeToLive: UInt32 = 300) -> DNSRecord {
        DNSRecord(owner: zone, type: RecordType(rawValue: type), timeToLive: timeToLive, octets: octets)
    }

    private static let upper: [UInt8] = [3] + Array("FoO".utf8) + [1, 0x41, 0]
    private static let lower: [UInt8] = [3] + Array("foo".utf8) + [1, 0x61, 0]

    /// Types, and what precedes the names in their data.
    static let typesWithNames: [(type: UInt16, prefix: [UInt8], names: Int, suffix: Int)] = [
        (2, [], 1, 0), (3, [], 1, 0), (4, [], 1, 0), (5, [], 1, 0), (7, [], 1, 0), (8, [], 1, 0), (9, [], 1, 0),
        (12, [], 1, 0), (14, [], 2, 0),
        (15, [0, 65], 1, 0), (17, [], 2, 0), (18, [65, 66], 1, 0), (21, [65, 66], 1, 0), (26, [65, 66], 2, 0),
        (30, [], 1, 0),
        (33, [65, 66, 67, 68, 69, 70], 1, 0), (35, [0, 1, 0, 2, 1, 65, 0, 2, 66, 67], 1, 0), (36, [65, 66], 1, 0),
        (38, [0x70, 65, 66], 1, 0), (38, [0x80], 1, 0), (39, [], 1, 0),
        (6, [], 2, 20), (24, [UInt8](repeating: 65, count: 18), 1, 1), (46, [UInt8](repeating: 65, count: 18), 1, 1),
    ]

    @Test(arguments: typesWithNames)
    func `DS-11: names are lower case in the types that are listed`(
        type: UInt16, prefix: [UInt8], names: Int, suffix: Int
    ) throws {
        let rest = [UInt8](repeating: 65, count: suffix)
        let sent = prefix + (0..<names).flatMap { _ in Self.upper } + rest
        let canonical = prefix + (0..<names).flatMap { _ in Self.lower } + rest
        #expect(try isSame([record(type, sent)], [record(type, canonical)]))
        // The octets that are no names count as they are.
        if let index = prefix.lastIndex(where: { 65...90 ~= $0 }) {
            var other = canonical
            other[index] |= 0x20
            #expect(try !isSame([record(type, canonical)], [record(type, other)]))
        }
    }

    @Test(arguments: [UInt16(13), 16, 47, 50, 52, 64, 65, 257, 65_280])
    func `DS-11: names and texts of other types count as they were sent`(type: UInt16) throws {
        #expect(try isSame([record(type, Self.upper)], [record(type, Self.upper)]))
        #expect(try !isSame([record(type, Self.upper)], [record(type, Self.lower)]))
    }

    @Test func `DS-11: order, repetition and time to live do not matter`() throws {
        // Shorter before longer, and octets without a sign.
        let data: [[UInt8]] = [[0x80], [0x7F, 1], [0x7F], [1, 2, 3], [1, 2], [0xFF, 0], [0]]
        let records = data.map { record(65_280, $0) }
        var generator = SeededGenerator(state: 11)
        for _ in 0..<20 {
            let shuffled = (records + records.prefix(3)).shuffled(using: &generator)
            let later = shuffled.map {
                DNSRecord(owner: $0.owner, type: $0.type, timeToLive: 1, octets: self.data(of: $0))
            }
            #expect(try isSame(records, later))
        }
        let signature = try key.sign(records, inception: 0, expiration: 1)
        #expect(signature.originalTimeToLive == 300)
    }

    private func data(of record: DNSRecord) -> [UInt8] {
        guard case .other(let octets) = record.data else { return [] }
        return octets
    }

    @Test func `data without the form of their type count as they were sent`() throws {
        for octets: [UInt8] in [
            [], [0], [0, 10], [0, 10, 64], [0, 10, 0xC0, 0x0C], [0, 10, 3, 0x41], [0, 10, 1, 0x41],
        ] {
            for type in Self.typesWithNames.map(\.type) {
                #expect(try isSame([record(type, octets)], [record(type, octets)]))
            }
        }
    }

    @Test(arguments: [
        ("x.w.example", "*.w.example", true), ("x.y.w.example", "*.w.example", true),
        ("*.w.example", "*.w.example", true), ("w.example", "*.w.example", false),
        ("x.v.example", "*.w.example", false),
        ("x.*.w.example", "*.w.example", true),
    ])
    func `DS-11: the owner of what a wildcard gave is the wildcard`(
        owner: String, wildcard: String, isValid: Bool
    ) throws {
        let inZone = DNSRecord(owner: try name(wildcard), type: .txt, timeToLive: 300, octets: [1, 65])
        let signature = try key.sign([inZone], inception: 0, expiration: 1)
        #expect(signature.labels == 2)
        let answered = DNSRecord(owner: try name(owner), type: .txt, timeToLive: 300, octets: [1, 65])
        #expect(
            SignatureCheck.isValid(signature.moved(to: answered.owner), over: [answered], by: key.zoneKey) == isValid)
        // The signature belongs to the owner that it was sent for.
        if owner != wildcard { #expect(!SignatureCheck.isValid(signature, over: [answered], by: key.zoneKey)) }
    }
}
