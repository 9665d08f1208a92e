import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import Testing
import XMPPModel

@Suite("Questions over the network", .timeLimit(.minutes(1)))
struct DNSClientTests {
    private static let zone = """
        @            60 SOA  ns admin 1 3600 600 86400 60
        host            A    192.0.2.1
                        AAAA 2001:db8::1
        alias           CNAME host
        loop            CNAME pool
        pool            CNAME loop
        short         1 A    192.0.2.2
        text            TYPE16 \\# 4 03616263
        _5269._tcp.host TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
        """

    @Test func `an answer of every kind comes back`() async throws {
        let asker = try Asker(zone: Self.zone)
        let host = try await asker.resolve("host.example", .a)
        #expect(host.records.map(\.data) == [IPAddress("192.0.2.1").map(RecordData.a)])
        #expect(host.security == .insecure)
        #expect(try await asker.resolve("host.example", .srv).content == .noRecords)
        #expect(try await asker.resolve("_tcp.host.example", .a).content == .noRecords)
        #expect(try await asker.resolve("nowhere.example", .a).content == .nameDoesNotExist)
        #expect(try await asker.resolve("host.elsewhere", .a).content == .failed(.serverAnswered(.refused)))
        guard case .tlsa(let record) = try await asker.resolve("_5269._tcp.host.example", .tlsa).records.first?.data
        else {
            Issue.record("no TLSA record")
            return
        }
        #expect(record.usage == 3 && record.data.count == 32)
        let text = try await asker.resolve("text.example", RecordType(rawValue: 16))
        #expect(text.records.map(\.data) == [.other([3, 97, 98, 99])])
    }

    @Test func `DN-13: an alias is followed, a loop is cut`() async throws {
        let asker = try Asker(zone: Self.zone)
        let alias = try await asker.resolve("alias.example", .a)
        #expect(alias.records.count == 1 && alias.canonicalName.description == "host.example")
        #expect(try await asker.resolve("loop.example", .a).content == .failed(.tooManyAliases))
    }

    @Test func `DN-14: a second question inside the lifetime makes no query`() async throws {
        let asker = try Asker(zone: Self.zone)
        for _ in 0..<3 {
            #expect(try await asker.resolve("host.example", .a).records.count == 1)
            #expect(try await asker.resolve("nowhere.example", .srv).content == .nameDoesNotExist)
            #expect(try await asker.resolve("nowhere.example", .a).content == .nameDoesNotExist)
        }
        #expect(asker.asked == ["host.example A", "nowhere.example SRV"])
    }

    @Test func `DN-16: a truncated answer is asked for again over TCP, and EDNS has a sane size`() async throws {
        let asker = try Asker(zone: Self.zone)
        asker.server.setFault(.truncate)
        #expect(try await asker.resolve("host.example", .a).records.count == 1)
        #expect(asker.server.queries.map(\.isOverTCP) == [false, true])
        #expect(asker.server.queries.allSatisfy { $0.payloadOctets == 1232 && !$0.wantsSignatures })
    }

    @Test func `DN-16: an answer too large for a datagram comes over TCP whole`() async throws {
        let many = (0..<200).map { "many A 192.0.2.\($0)" }.joined(separator: "\n")
        let asker = try Asker(zone: many)
        #expect(try await asker.resolve("many.example", .a).records.count == 200)
        #expect(asker.server.queries.map(\.isOverTCP) == [false, true])
    }

    @Test(arguments: [
        NameServerFault.wrongIdentifier, .wrongName, .wrongSource, .garbage, .drop,
    ])
    func `DN-16: what does not match is ignored until the timeout`(fault: NameServerFault) async throws {
        let asker = try Asker(zone: Self.zone, limits: Asker.impatience)
        asker.server.setFault(fault)
        #expect(try await asker.resolve("host.example", .a).content == .failed(.timedOut))
        #expect((1...2).contains(asker.server.queries.count))
    }

    @Test(arguments: [NameServerFault.wrongIdentifier, .wrongName])
    func `DN-16, DT-02: over TCP too what does not match is ignored until the timeout`(
        fault: NameServerFault
    ) async throws {
        let many = (0..<200).map { "many A 192.0.2.\($0)" }.joined(separator: "\n")
        let asker = try Asker(zone: many, limits: Asker.impatience)
        asker.server.setStreamFault(fault)
        #expect(try await asker.resolve("many.example", .a).content == .failed(.timedOut))
    }

    @Test func `DN-16: over TCP what is no message ends the connection`() async throws {
        let many = (0..<200).map { "many A 192.0.2.\($0)" }.joined(separator: "\n")
        let asker = try Asker(zone: many)
        asker.server.setStreamFault(.garbage)
        guard case .failed(.malformed) = try await asker.resolve("many.example", .a).content else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `DN-08: a server that fails or that is not there fails the lookup`() async throws {
        let asker = try Asker(zone: Self.zone)
        asker.server.setFault(.serverFailure)
        #expect(try await asker.resolve("host.example", .a).content == .failed(.serverAnswered(.serverFailure)))
        asker.server.stop()
        guard case .failed(.unreachable) = try await asker.resolve("alias.example", .a).content else {
            Issue.record("not unreachable")
            return
        }
    }

    @Test func `a server that is silent or gone is passed over`() async throws {
        let silent = try EmbeddedNameServer(zones: [])
        silent.setFault(.drop)
        let gone = try EmbeddedNameServer(zones: [])
        gone.stop()
        let limits = LookupLimits(tryTimeout: .milliseconds(300), rounds: 20, overall: .seconds(30), queries: 60)
        let asker = try Asker(zone: Self.zone, limits: limits) { [gone.address, silent.address, $0] }
        #expect(try await asker.resolve("host.example", .a).records.count == 1)
        #expect(silent.queries.count >= 1)
    }

    @Test func `DO-06: fifty who ask the same make one lookup`() async throws {
        let asker = try Asker(zone: Self.zone)
        asker.server.setDelay(.milliseconds(50))
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<50 { group.addTask { try await asker.resolve("host.example", .a) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 50 && answers.allSatisfy { $0.records.count == 1 })
        #expect(asker.asked == ["host.example A"])
    }

    @Test func `DO-06: more lookups than are allowed at once wait for their turn`() async throws {
        let hosts = (0..<100).map { "n\($0) A 192.0.2.\($0)" }.joined(separator: "\n")
        let asker = try Asker(zone: hosts, concurrentLookups: 4)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask { try await asker.resolve("n\(number).example", .a).records.count }
            }
            return try await group.reduce(0, +)
        }
        #expect(count == 100)
    }

    @Test func `a shutdown ends lookups under way`() async throws {
        let asker = try Asker(zone: Self.zone)
        asker.server.setFault(.drop)
        async let answer = asker.resolve("host.example", .a)
        try await asker.waitUntilAsked()
        asker.shutDown()
        #expect(try await answer.content == .failed(.cancelled))
    }
}
