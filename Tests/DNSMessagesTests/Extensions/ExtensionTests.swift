import DNSMessages
import Testing

@Suite("EDNS and its options (RFC 6891)")
struct ExtensionTests {
    private let question: DNSQuestion
    private let cookie: DNSCookie

    init() throws {
        question = DNSQuestion(try name("www.example.com"), .a)
        cookie = try #require(DNSCookie(client: [1, 2, 3, 4, 5, 6, 7, 8], server: Array(10..<18)))
    }

    @Test func `DT-06: the query of RFC 8484 with padding has 128 octets, 80 of them padding`() throws {
        var query = DNSQuery(identifier: 0, question: question)
        #expect(try query.encode().count == 44)
        query.isPadded = true
        let wire = try query.encode()
        #expect(wire.count == 128)
        #expect(
            Array(wire[33...]) == octets(hex: "00 0029 04d0 00000000 0054 000c 0050") + [UInt8](repeating: 0, count: 80)
        )
        #expect(try DNSQuery(decoding: wire) == query)

        var without = DNSQuery(identifier: 1, question: question, payloadOctets: nil)
        without.isPadded = true
        without.cookie = cookie
        #expect(try without.encode().count == 33)
        let plain = DNSQuery(identifier: 1, question: question)
        #expect(try !DNSQuery(decoding: plain.encode()).isPadded)
    }

    @Test(arguments: 0...60)
    func `DT-06: whatever the name, a padded query is a multiple of 128`(length: Int) throws {
        let label = String(repeating: "a", count: length + 1)
        var query = DNSQuery(
            identifier: 1, question: DNSQuestion(try name("\(label).\(label).example"), .srv), wantsSignatures: true)
        query.isPadded = true
        query.cookie = cookie
        let wire = try query.encode()
        #expect(wire.count.isMultiple(of: 128) && wire.count <= 256)
        #expect(try DNSQuery(decoding: wire) == query)
        query.isPadded = false
        #expect(try query.encode().count < wire.count)
    }

    @Test func `DT-06: any padding of a response is accepted`() throws {
        var response = DNSResponse(to: DNSQuery(identifier: 1, question: question))
        response.isPadded = true
        var wire = try response.encode()
        #expect(wire.count == 468)
        for index in 50..<wire.count { wire[index] = 0xFF }
        #expect(try DNSResponse(decoding: wire) == response)
    }

    @Test func `DN-16: a cookie comes back, and one of a wrong length is none`() throws {
        var query = DNSQuery(identifier: 1, question: question)
        query.cookie = DNSCookie(client: cookie.client)
        #expect(try DNSQuery(decoding: query.encode()).cookie == query.cookie)
        var response = DNSResponse(to: query, code: .badCookie)
        response.cookie = cookie
        let read = try DNSResponse(decoding: response.encode())
        #expect(read == response && read.cookie == cookie && read.code == .badCookie)
        for (client, server) in [(0, 0), (7, 0), (9, 0), (8, 7), (8, 33), (0, 8)] {
            let wrong = [UInt8](repeating: 1, count: client + server)
            #expect(DNSCookie(client: Array(wrong.prefix(client)), server: Array(wrong.dropFirst(client))) == nil)
        }
        for count in [0, 7, 9, 15, 41, 200] {
            let wire = try message(withOption: 10, [UInt8](repeating: 7, count: count))
            #expect(try DNSResponse(decoding: wire).cookie == nil)
            var asked = wire
            asked[2] &= 0x7F
            #expect(throws: DNSMessageFailure.badRecord(RecordType(rawValue: 41))) { try DNSQuery(decoding: asked) }
        }
    }

    /// A response with one option in its pseudo record.
    private func message(withOption code: UInt8, _ value: [UInt8], length: Int? = nil) throws -> [UInt8] {
        let plain = DNSResponse(to: DNSQuery(identifier: 1, question: question))
        var wire = try plain.encode()
        let data = [0, code, UInt8((length ?? value.count) >> 8), UInt8((length ?? value.count) & 0xFF)] + value
        wire.replaceSubrange((wire.count - 2)..., with: [UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data)
        return wire
    }

    @Test func `reasons of a server are bounded and made printable, and an option cut short is refused`() throws {
        var response = DNSResponse(to: DNSQuery(identifier: 1, question: question), code: .serverFailure)
        response.extendedErrors = [ExtendedError(code: 6, text: "no SEP"), ExtendedError(code: 9_999)]
        #expect(try DNSResponse(decoding: response.encode()) == response)
        #expect(response.extendedErrors.map(\.description) == ["DNSSEC bogus (no SEP)", "extended error 9999"])
        response.extendedErrors = (0..<50).map { ExtendedError(code: $0) }
        #expect(try DNSResponse(decoding: response.encode()).extendedErrors.count == 4)
        let hostile = ExtendedError(code: 7, text: "a\n\u{1B}[2J\u{202E}b\u{2028}é")
        #expect(hostile.text == "a\u{FFFD}\u{FFFD}[2J\u{FFFD}b\u{FFFD}é")
        #expect(ExtendedError(code: 7, text: String(repeating: "é", count: 200)).text.utf8.count == 256)
        let notText = try DNSResponse(decoding: message(withOption: 15, [0, 7, 0xFF, 0x41]))
        #expect(notText.extendedErrors == [ExtendedError(code: 7, text: "\u{FFFD}A")])

        #expect(throws: DNSMessageFailure.badRecord(RecordType(rawValue: 41))) {
            try DNSResponse(decoding: message(withOption: 15, [0, 6], length: 3))
        }
        #expect(try DNSResponse(decoding: message(withOption: 99, [1, 2, 3])).extendedErrors.isEmpty)
        #expect(try DNSResponse(decoding: message(withOption: 15, [0])).extendedErrors.isEmpty)
    }

    @Test func `of a truncated response the cookie and the code count, of another a few additional records`() throws {
        var response = DNSResponse(
            to: DNSQuery(identifier: 1, question: question), code: .badVersion, isTruncated: true)
        response.cookie = cookie
        let wire = try response.encode()
        let read = try DNSResponse(decoding: wire)
        #expect(read == response && read.code == .badVersion && read.payloadOctets == 1232)
        #expect(try DNSResponse(decoding: wire.dropLast()).payloadOctets == nil)

        let plain = DNSQuery(identifier: 1, question: question, payloadOctets: nil)
        #expect(try DNSResponse(decoding: DNSResponse(to: plain).encode()).payloadOctets == nil)
        var laterWire = try DNSQuery(identifier: 1, question: question).encode()
        laterWire[39] = 1
        let later = try DNSQuery(decoding: laterWire)
        #expect(later.extensionVersion == 1 && later.payloadOctets == 1232)
        #expect(try later.encode() == laterWire)
        #expect(
            "\(ResponseCode.badVersion) \(ResponseCode.badCookie) \(ResponseCode(rawValue: 77))"
                == "BADVERS BADCOOKIE RCODE77")

        let address = try #require(IPAddress("192.0.2.1"))
        let glue = try (0..<100).map { index in
            try #require(DNSRecord(owner: try name("h\(index).example"), timeToLive: 5, data: .a(address)))
        }
        let query = DNSQuery(identifier: 1, question: question, disablesChecking: true)
        let withGlue = DNSResponse(to: query, additionals: glue)
        let readGlue = try DNSResponse(decoding: withGlue.encode())
        #expect(readGlue.additionals == Array(glue.prefix(64)))
        #expect(readGlue.hasCheckingDisabled && readGlue.answers.isEmpty)
        #expect(DNSResponse(to: query, isTruncated: true, additionals: glue).additionals.isEmpty)
    }

}
