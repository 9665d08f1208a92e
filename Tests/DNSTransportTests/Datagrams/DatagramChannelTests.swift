import DNSMessages
import EventLoops
import NameResolution
import Testing

@testable import DNSTransport

@Suite("Questions in datagrams", .timeLimit(.minutes(1)))
struct DatagramChannelTests {
    private static let serverHalf: [UInt8] = Array(1...16)

    private static func answer(
        to query: DNSQuery, code: ResponseCode = .noError, cookie: DNSCookie?
    ) -> DNSResponse {
        var response = code == .noError ? ScriptedServer.answer(to: query) : DNSResponse(to: query, code: code)
        response.cookie = cookie
        return response
    }

    /// The client's half as it came, and the server's.
    private static func cookie(for query: DNSQuery, server: [UInt8] = serverHalf) -> DNSCookie? {
        query.cookie.flatMap { DNSCookie(client: $0.client, server: server) }
    }

    private static func forged() -> DNSCookie? {
        DNSCookie(client: [UInt8](repeating: 9, count: 8), server: serverHalf)
    }

    private static func asker(_ server: ScriptedDatagrams) throws -> ChannelAsker {
        try ChannelAsker { DatagramChannel(to: server.address, $0) }
    }

    private static func records(_ outcome: AttemptOutcome) -> Int {
        guard case .answered(let response, false, .zero) = outcome else { return -1 }
        return response.answers.count
    }

    @Test func `DN-16, DT-06: queries have EDNS, a cookie, letters of random case, and no padding`() async throws {
        let server = try ScriptedDatagrams { _, query in [Self.answer(to: query, cookie: Self.cookie(for: query))] }
        let asker = try Self.asker(server)
        for _ in 0..<4 { #expect(Self.records(try await asker.ask("abcdefghijklmnopqrstuvwxyz.example")) == 1) }
        let queries = server.queries
        #expect(queries.allSatisfy { $0.payloadOctets == 1232 && !$0.isPadded })
        #expect(Set(queries.map(\.identifier)).count > 1)
        #expect(Set(queries.map { try? $0.encode() }).count == 4)
        #expect(queries[0].cookie?.server == [])
        // The server's half is repeated from the second query on, and the client's stays.
        #expect(queries.dropFirst().allSatisfy { $0.cookie?.server == Self.serverHalf })
        #expect(Set(queries.map(\.cookie?.client)).count == 1)
    }

    @Test func `DN-16: who does not know the cookie cannot answer a server that speaks cookies`() async throws {
        let server = try ScriptedDatagrams { number, query in
            let genuine = Self.answer(to: query, cookie: Self.cookie(for: query))
            guard number > 0 else { return [genuine] }
            return [
                DNSResponse(to: query, code: .nameError),
                Self.answer(to: query, code: .nameError, cookie: Self.forged()),
                genuine,
            ]
        }
        let asker = try Self.asker(server)
        for _ in 0..<3 { #expect(Self.records(try await asker.ask("a.example")) == 1) }
    }

    @Test func `a server without cookies is believed, and one that loses them too after a timeout`() async throws {
        // Spoken once, at the second question, and never again.
        let server = try ScriptedDatagrams { number, query in
            [Self.answer(to: query, cookie: number == 1 ? Self.cookie(for: query) : nil)]
        }
        let jar = CookieJar(of: server.address)
        let asker = try Self.asker(server)
        #expect(Self.records(try await asker.ask("a.example")) == 1)
        #expect(Self.records(try await asker.ask("b.example")) == 1)
        let sent = try #require(jar.cookie(from: nil, at: .current))
        #expect(jar.judge(nil, sent: sent) == .fitting)
        #expect(jar.judge(DNSCookie(client: sent.client, server: Self.serverHalf), sent: sent) == .fitting)
        #expect(jar.judge(nil, sent: sent) == .missing)
        jar.giveUpExpecting()
        #expect(jar.judge(nil, sent: sent) == .fitting)
    }

    @Test func `BADCOOKIE is answered once with the server's half, and then over TCP`() async throws {
        let once = try ScriptedDatagrams { number, query in
            [Self.answer(to: query, code: number == 0 ? .badCookie : .noError, cookie: Self.cookie(for: query))]
        }
        #expect(Self.records(try await Self.asker(once).ask("a.example")) == 1)
        #expect(once.queries.map { $0.cookie?.server } == [[], Self.serverHalf])
        let always = try ScriptedDatagrams { _, query in
            [Self.answer(to: query, code: .badCookie, cookie: Self.cookie(for: query))]
        }
        guard case .answered(let response, false, .zero) = try await Self.asker(always).ask("a.example") else {
            Issue.record("no answer")
            return
        }
        #expect(response.isTruncated && always.queries.count == 2)
    }

    @Test func `two servers get different cookies, and so does one asked from another address`() throws {
        let now = LoopTime.current
        let jar = CookieJar(of: .loopbackIPv4(port: 53))
        let first = jar.cookie(from: .loopbackIPv4(port: 1), at: now)
        #expect(first != nil)
        #expect(jar.cookie(from: .loopbackIPv4(port: 2), at: now)?.client == first?.client)
        #expect(jar.cookie(from: .loopbackIPv6(port: 1), at: now)?.client != first?.client)
        #expect(CookieJar(of: .loopbackIPv4(port: 53)).cookie(from: .loopbackIPv4(port: 1), at: now) != first)
        #expect(jar.cookie(from: .loopbackIPv4(port: 1), at: now + .seconds(100_000))?.client != first?.client)
    }
}
