import DNSMessages
import TestSupport
import Testing
import XMPPModel

@Suite("Messages on the wire (RFC 1035 §4)")
struct DNSMessageTests {
    private let query: DNSQuery
    private let everyType: DNSResponse

    init() throws {
        let owner = try name("example")
        let host = try name("xmpp.example")
        query = DNSQuery(identifier: 0x1234, question: DNSQuestion(owner, .srv))
        let address = try #require(IPAddress("192.0.2.1"))
        let address6 = try #require(IPAddress("2001:db8::1"))
        let data: [RecordData] = [
            .a(address), .aaaa(address6), .srv(priority: 5, weight: 10, port: 5269, target: host), .cname(host),
            .ns(host), .tlsa(TLSARecord(usage: 3, selector: 1, matching: 1, data: Array(0..<32))),
            .srv(priority: 0, weight: 0, port: 0, target: .root),
        ]
        let text = DNSRecord(owner: owner, type: RecordType(rawValue: 16), timeToLive: 7, octets: [3, 97, 98, 99])
        let start = StartOfAuthority(primaryServer: host, responsibleMailbox: owner, serial: 42, minimum: 60)
        everyType = DNSResponse(
            to: query, isAuthoritative: true,
            answers: data.compactMap { DNSRecord(owner: owner, timeToLive: 300, data: $0) } + [text],
            authorities: [DNSRecord(owner: owner, timeToLive: 30, data: .soa(start))].compactMap { $0 })
    }

    @Test func `every type survives the wire`() throws {
        let wire = try everyType.encode()
        let read = try DNSResponse(decoding: wire)
        #expect(read == everyType)
        #expect(read.answers.count == 8)

        let query = DNSQuery(identifier: 1, question: DNSQuestion(try DNSName("a.example"), .srv))
        let sink = DNSRecord(
            owner: try DNSName("a.example"), type: RecordType(rawValue: 40), timeToLive: 300, octets: [0, 52, 8, 3, 0])
        #expect(throws: DNSMessageFailure.notEncodable) { try DNSResponse(to: query, answers: [sink]).encode() }
    }

    @Test func `DN-16: a query carries EDNS with a size that is not fragmented`() throws {
        let plain = try query.encode()
        #expect(
            plain
                == octets(
                    hex: "1234 0100 0001 0000 0000 0001 07 6578616d706c65 00 0021 0001 00 0029 04d0 00000000 0000"))
        let signed = DNSQuery(
            identifier: 1, question: query.question, wantsSignatures: true, disablesChecking: true)
        let read = try DNSQuery(decoding: signed.encode())
        #expect(read == signed)
        #expect(read.wantsSignatures && read.disablesChecking && read.payloadOctets == 1232)

        let plainQuery = DNSQuery(
            identifier: 0, question: DNSQuestion(try name("www.example.com"), .a), payloadOctets: nil)
        let expected = octets(hex: "00000100000100000000000003777777076578616d706c6503636f6d0000010001")
        #expect(try plainQuery.encode() == expected)
    }

    @Test func `DN-16: a response has to repeat identifier, name and type`() throws {
        #expect(query.isAnswered(by: everyType))
        let others = [
            DNSQuery(identifier: 0x1235, question: query.question),
            DNSQuery(identifier: 0x1234, question: DNSQuestion(try name("example.org"), .srv)),
            DNSQuery(identifier: 0x1234, question: DNSQuestion(try name("example"), .a)),
        ]
        for other in others { #expect(!query.isAnswered(by: DNSResponse(to: other))) }
    }

    @Test func `DN-16: a random letter case has to come back exactly`() throws {
        var generator = SeededGenerator(state: 1)
        var mixed = DNSQuery(identifier: 7, question: DNSQuestion(try name("abcdefghijklmnop.example"), .a))
        mixed.randomizeCase(using: &generator)
        let asServerSawIt = try DNSQuery(decoding: mixed.encode())
        #expect(asServerSawIt.question == mixed.question)
        #expect(mixed.isAnswered(by: try DNSResponse(decoding: DNSResponse(to: asServerSawIt).encode())))
        let lowered = DNSQuery(identifier: 7, question: mixed.question)
        #expect(!mixed.isAnswered(by: DNSResponse(to: lowered)))
        #expect(lowered.isAnswered(by: DNSResponse(to: asServerSawIt)))
    }

    @Test func `DN-16: what a truncated response still holds is not used`() throws {
        var wire = try everyType.encode()
        wire[2] |= 0x02
        for length in [wire.count, wire.count - 5, 40] {
            let read = try DNSResponse(decoding: Array(wire[..<length]))
            #expect(read.isTruncated && read.answers.isEmpty && read.question == query.question)
        }
    }

    @Test func `records of another class are not ours, and a time to live with its highest bit set is zero`() throws {
        // A CHAOS TXT beside the question.
        let wire = octets(
            hex: "1234 8180 0001 0001 0000 0000 07 6578616d706c65 00 0021 0001 c00c 0010 0003 00000000 0002 0161")
        #expect(try DNSResponse(decoding: wire).answers.isEmpty)

        let longLived = octets(
            hex: "1234 8180 0001 0001 0000 0000 07 6578616d706c65 00 0001 0001 c00c 0001 0001 80000001 0004 c0000201")
        #expect(try DNSResponse(decoding: longLived).answers.first?.timeToLive == 0)
    }

    private static let question = "07 6578616d706c65 00 0001 0001"

    @Test(arguments: [
        ("", DNSMessageFailure.cutShort(.header)),
        ("1234 8180 0001", .cutShort(.header)),
        ("1234 8180 0001 0000 0000 0000 07 6578", .cutShort(.question)),
        ("1234 8180 0002 0000 0000 0000 \(question) \(question)", .badQuestion),
        ("1234 8180 0001 0000 0000 0000 00 0001 0003", .badQuestion),
        ("1234 0180 0001 0000 0000 0000 \(question)", .wrongDirection),
        ("1234 a980 0001 0000 0000 0000 \(question)", .unsupportedOperation),
        ("1234 8180 0001 ffff 0000 0000 \(question)", .tooManyRecords),
        ("1234 8180 0001 0000 0000 0000 \(question) 00", .trailingOctets(count: 1)),
        ("1234 8180 0001 0001 0000 0000 \(question)", .cutShort(.answer)),
        // An owner whose pointer leads to itself, forwards, into the header; a label type that does not exist.
        ("1234 8180 0001 0001 0000 0000 \(question) c019 0001 0001 00000000 0004 c0000201", .badName(.answer)),
        ("1234 8180 0001 0001 0000 0000 \(question) c020 0001 0001 00000000 0004 c0000201", .badName(.answer)),
        ("1234 8180 0001 0001 0000 0000 \(question) c000 0001 0001 00000000 0004 c0000201", .badName(.answer)),
        ("1234 8180 0001 0001 0000 0000 \(question) 4100 0001 0001 00000000 0004 c0000201", .badName(.answer)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0001 0001 00000000 0003 c00002", .badRecord(.a)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0001 0001 00000000 0005 c000020101", .badRecord(.a)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0005 0001 00000000 0002 c025", .badRecord(.cname)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0005 0001 00000000 0003 c00c00", .badRecord(.cname)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0021 0001 00000000 0006 000000000000", .badRecord(.srv)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0034 0001 00000000 0002 0301", .badRecord(.tlsa)),
        ("1234 8180 0001 0001 0000 0000 \(question) c00c 0001 0001 00000000 0004 c000", .cutShort(.answer)),
    ])
    func `DN-08: a malformed response is refused with the reason`(hex: String, failure: DNSMessageFailure) {
        #expect(throws: failure) { try DNSResponse(decoding: octets(hex: hex)) }
    }

    @Test func `a name may be compressed in the data of the types that RFC 1035 knows`() throws {
        let wire = octets(
            hex: """
                1234 8180 0001 0001 0000 0000 \(Self.question) c00c 000f 0001 00000000 0009 000a 046d61696c c00c
                """)
        let record = try #require(try DNSResponse(decoding: wire).answers.first)
        #expect(try record.data == .other([0, 10] + name("mail.example").wire))
    }

    @Test func `a chain of pointers is followed in bounded time`() throws {
        // Each owner points at the one before: 1000 records, as long a chain as a name has room for.
        var wire = octets(hex: "1234 8180 0001 03e8 0000 0000 \(Self.question)")
        var previous = 12
        for _ in 0..<1000 {
            let position = wire.count
            wire += [1, 97, 0xC0 | UInt8(previous >> 8), UInt8(previous & 0xFF)]
            wire += octets(hex: "0001 0001 00000000 0004 c0000201")
            previous = position
        }
        #expect(throws: DNSMessageFailure.badName(.answer)) { try DNSResponse(decoding: wire) }
    }

    @Test func `any mutation and any octets give a message or a refusal`() throws {
        let originals = [try everyType.encode(), try query.encode()]
        var generator = SeededGenerator(state: 42)
        var refused = 0
        for round in 0..<20_000 {
            var wire = originals[round % originals.count]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    wire[Int.random(in: 0..<wire.count, using: &generator)] = .random(in: 0...255, using: &generator)
                case 1: wire[Int.random(in: 0..<wire.count, using: &generator)] |= 0xC0
                case 2: wire = Array(wire.prefix(max(1, Int.random(in: 0...wire.count, using: &generator))))
                default: wire.insert(.random(in: 0...255, using: &generator), at: wire.count / 2)
                }
            }
            do {
                let response = try DNSResponse(decoding: wire)
                // What was understood can be said again.
                #expect(try DNSResponse(decoding: response.encode()).answers == response.answers)
            } catch {
                refused += 1
            }
            _ = try? DNSQuery(decoding: wire)
        }
        #expect(refused > 1000)

        for _ in 0..<20_000 {
            let count = Int.random(in: 0...80, using: &generator)
            let wire = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = try? DNSResponse(decoding: wire)
            _ = try? DNSQuery(decoding: wire)
        }
    }

}
