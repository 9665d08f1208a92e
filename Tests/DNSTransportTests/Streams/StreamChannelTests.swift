import DNSMessages
import EventLoops
import NameResolution
import Testing
import TransportSecurity

@testable import DNSTransport

@Suite("Kept connections", .timeLimit(.minutes(1)))
struct StreamChannelTests {
    private static func genuine() throws -> TLSIdentity { try ServerCertificates.genuine.get().identity() }

    private static func isAnswered(_ outcome: AttemptOutcome?, authenticated: Bool? = nil) -> Bool {
        guard case .answered(let response, let isAuthenticated, .zero) = outcome else { return false }
        return !response.answers.isEmpty && (authenticated ?? isAuthenticated) == isAuthenticated
    }

    private static func isUnreachable(_ outcome: AttemptOutcome?) -> Bool {
        guard case .failed(.unreachable) = outcome else { return false }
        return true
    }

    private static func isNotAuthenticated(_ outcome: AttemptOutcome?) -> Bool {
        guard case .failed(.notAuthenticated) = outcome else { return false }
        return true
    }

    @Test(arguments: [true, false])
    func `DT-02: answers in any order find their questions, and the length travels with the message`(
        isEncrypted: Bool
    ) async throws {
        let server = try ScriptedServer(isEncrypted ? Self.genuine() : nil) { _, queries in
            queries.count < 3 ? [] : queries.reversed().map { .reply(ScriptedServer.answer(to: $0)) }
        }
        let asker =
            isEncrypted
            ? try ChannelAsker(tls: server.address, ServerCertificates.demands())
            : try ChannelAsker(tcp: server.address)
        let names = ["a.example", "b.example", "c.example"]
        let outcomes = try await asker.ask(all: names)
        for name in names {
            guard case .answered(let response, isEncrypted, .zero) = outcomes[name] else {
                Issue.record("no answer for \(name)")
                continue
            }
            #expect(response.answers.map(\.owner.description) == [name])
        }
        #expect(server.log.count == 1)
        #expect(Set(server.queries.map(\.identifier)).count == 3)
        if isEncrypted {
            let records = server.log[0].reads
            #expect(records.joined().count == server.messages.reduce(0) { $0 + $1.count + 2 })
            #expect(records.allSatisfy { $0.count > 2 })
        }
    }

    @Test func `DT-02: an answer with the right identifier and another question is discarded`() async throws {
        let server = try ScriptedServer { _, queries in
            queries.flatMap { query -> [ScriptedServer.Step] in
                guard let name = try? DNSName("liar.example") else { return [] }
                let other = DNSQuery(identifier: query.identifier, question: DNSQuestion(name, .a))
                return [.reply(ScriptedServer.answer(to: other)), .reply(ScriptedServer.answer(to: query))]
            }
        }
        let asker = try ChannelAsker(tcp: server.address)
        guard case .answered(let response, false, .zero) = try await asker.ask("a.example") else {
            Issue.record("no answer")
            return
        }
        #expect(response.answers.map(\.owner.description) == ["a.example"])
    }

    @Test(arguments: [true, false])
    func `DT-03: a hundred lookups take one connection`(isEncrypted: Bool) async throws {
        let server = try ScriptedServer(isEncrypted ? Self.genuine() : nil)
        let asker =
            isEncrypted
            ? try ChannelAsker(tls: server.address, ServerCertificates.demands())
            : try ChannelAsker(tcp: server.address)
        for number in 0..<50 { #expect(Self.isAnswered(try await asker.ask("n\(number).example"))) }
        let outcomes = try await asker.ask(all: (50..<100).map { "n\($0).example" })
        #expect(outcomes.count == 50 && outcomes.values.allSatisfy { Self.isAnswered($0) })
        #expect(server.log.count == 1 && server.messages.count == 100)
    }

    @Test(arguments: [true, false])
    func `DT-03: what was outstanding when the server closed is asked again, once`(isEncrypted: Bool) async throws {
        let names = (0..<5).map { "n\($0).example" }
        let server = try ScriptedServer(isEncrypted ? Self.genuine() : nil) { connection, queries in
            if connection > 0 { return queries.map { .reply(ScriptedServer.answer(to: $0)) } }
            return queries.count < 5 ? [] : [.close]
        }
        let asker =
            isEncrypted
            ? try ChannelAsker(tls: server.address, ServerCertificates.demands())
            : try ChannelAsker(tcp: server.address)
        let outcomes = try await asker.ask(all: names, requiresAuthentication: isEncrypted)
        #expect(outcomes.count == 5 && outcomes.values.allSatisfy { Self.isAnswered($0) })
        #expect(server.log.count == 2 && server.messages.count == 10)
    }

    @Test func `DT-03: a server that always closes is not asked for ever`() async throws {
        let server = try ScriptedServer { _, _ in [.close] }
        let asker = try ChannelAsker(tcp: server.address)
        #expect(Self.isUnreachable(try await asker.ask("a.example")))
        #expect(server.messages.count == 2)
    }

    @Test func `DT-01: under TLS from the first octet, with the name and the protocol said`() async throws {
        let server = try ScriptedServer(Self.genuine())
        let asker = try ChannelAsker(tls: server.address, ServerCertificates.demands())
        #expect(Self.isAnswered(try await asker.ask("a.example", requiresAuthentication: true), authenticated: true))
        let conversation = try #require(server.log.first)
        #expect(conversation.wire.first == 0x16)
        #expect(conversation.serverName == ServerCertificates.name && conversation.applicationProtocol == "dot")
        #expect(server.queries.map(\.question.description) == ["a.example A"])
    }

    @Test func `DT-06: queries are padded to 128 octets under TLS, and never in clear`() async throws {
        let names = [
            "a.example",
            "\([String](repeating: "long", count: 12).joined()).\(String(repeating: "x", count: 60)).example",
        ]
        let secure = try ScriptedServer(Self.genuine())
        let clear = try ScriptedServer()
        let overTLS = try ChannelAsker(tls: secure.address, ServerCertificates.demands())
        let inClear = try ChannelAsker(tcp: clear.address)
        for name in names {
            #expect(Self.isAnswered(try await overTLS.ask(name)))
            #expect(Self.isAnswered(try await inClear.ask(name)))
        }
        #expect(secure.messages.map(\.count) == [128, 256])
        #expect(secure.queries.allSatisfy { $0.isPadded && $0.cookie == nil })
        #expect(clear.queries.allSatisfy { !$0.isPadded })
    }

    @Test func `DT-01, TP-01, TP-05: after a handshake that fails no DNS follows, and no older version is tried`()
        async throws
    {
        // A fatal alert (handshake_failure), and a ServerHello of TLS 1.1.
        let alert: [UInt8] = [0x15, 3, 3, 0, 2, 2, 40]
        let hello = [2, 0, 0, 38, 3, 2] + [UInt8](repeating: 1, count: 32) + [0, 0xC0, 0x2B, 0]
        let oldHello: [UInt8] = [0x16, 3, 2, 0, UInt8(hello.count)] + hello
        for greeting in [alert, oldHello] {
            let server = try ScriptedServer(greeting: greeting)
            let asker = try ChannelAsker(tls: server.address, ServerCertificates.demands())
            guard case .failed(.encryptionFailed) = try await asker.ask("a.example") else {
                Issue.record("no failure")
                return
            }
            while server.log.first?.hasEnded != true { try await Task.sleep(for: .milliseconds(1)) }
            #expect(server.log.count == 1)
            let hello = try #require(ClientHello(server.log[0].wire))
            #expect(hello.versions == [0x0304, 0x0303])
            #expect(hello.compressionMethods == [0])
            // No early data, and no ticket to send it with.
            #expect(hello.extensions.isDisjoint(with: [42, 41]))
            // What follows the ClientHello is an alert or nothing.
            #expect(hello.rest.isEmpty || hello.rest.first == 0x15)
            #expect(hello.rest.count <= 7)
        }
    }

    @Test func `TP-01: TLS 1.2 will do`() async throws {
        let server = try ScriptedServer(Self.genuine(), versions: .tls12 ... .tls12)
        let asker = try ChannelAsker(tls: server.address, ServerCertificates.demands())
        #expect(Self.isAnswered(try await asker.ask("a.example"), authenticated: true))
    }

    @Test func `DT-01: port 53 is not for TLS, and a server for TLS is not asked in clear`() throws {
        let loop = try EventLoop(name: "ways")
        defer { loop.stop() }
        func ways(_ endpoint: NameServerEndpoint) -> [AnswerSource.Transport: Bool] {
            loop.run {
                let resources = ChannelResources(loop: loop, wallClock: { 0 })
                let channels = EndpointChannels(
                    endpoint, ChannelSecurity(for: [endpoint]),
                    Bootstrap(ResolverSettings(endpoints: [], zones: []), resources), resources)
                var found: [AnswerSource.Transport: Bool] = [:]
                for transport in [AnswerSource.Transport.udp, .tcp, .tls] {
                    found[transport] = (try? channels.channel(for: transport)) != nil
                }
                channels.shutDown()
                return found
            }
        }
        let demands = ServerAuthentication(name: ServerCertificates.name)
        #expect(
            ways(.tls(.loopbackIPv4(port: 853), authentication: demands)) == [.udp: false, .tcp: false, .tls: true])
        #expect(ways(.tls(.loopbackIPv4(port: 53), authentication: demands))[.tls] == false)
        #expect(ways(.cleartext(.loopbackIPv4(port: 53))) == [.udp: true, .tcp: true, .tls: false])
    }

    @Test(arguments: ["commonNameOnly", "otherName", "expired", "untrusted", "nothing demanded", "wrong pin"])
    func `DP-01: nothing is asked of a server that does not prove who it is`(flaw: String) async throws {
        var certificate = ServerCertificates.genuine
        var demands = try ServerCertificates.demands()
        switch flaw {
        case "commonNameOnly": certificate = ServerCertificates.commonNameOnly
        case "otherName": certificate = ServerCertificates.otherName
        case "expired": certificate = ServerCertificates.expired
        case "untrusted": certificate = ServerCertificates.untrusted
        case "nothing demanded": demands.name = nil
        default: demands.pins = [[UInt8](repeating: 7, count: 32)]
        }
        let server = try ScriptedServer(certificate.get().identity())
        let asker = try ChannelAsker(tls: server.address, demands)
        #expect(Self.isNotAuthenticated(try await asker.ask("a.example", requiresAuthentication: true)))
        #expect(server.messages.isEmpty)
    }

    @Test func `DP-01, DS-14: nothing in clear counts as authenticated`() async throws {
        let server = try ScriptedServer()
        let asker = try ChannelAsker(tcp: server.address)
        #expect(Self.isNotAuthenticated(try await asker.ask("a.example", requiresAuthentication: true)))
        #expect(server.log.isEmpty)
        #expect(Self.isAnswered(try await asker.ask("a.example"), authenticated: false))
    }

    @Test func `DP-03, DP-02, DS-14: an unproven server is asked encrypted by who allows it, and by nobody else`()
        async throws
    {
        let server = try ScriptedServer(ServerCertificates.untrusted.get().identity())
        let asker = try ChannelAsker(tls: server.address, ServerCertificates.demands())
        #expect(Self.isAnswered(try await asker.ask("open.example"), authenticated: false))
        // The connection that is open must not serve who asks for a proof.
        #expect(Self.isNotAuthenticated(try await asker.ask("secret.example", requiresAuthentication: true)))
        #expect(Self.isAnswered(try await asker.ask("open.example"), authenticated: false))
        #expect(server.queries.map(\.question.name.description) == ["open.example", "open.example"])
    }

    @Test func `DP-03: a server that proves itself serves both kinds of question on one connection`() async throws {
        let server = try ScriptedServer(Self.genuine())
        let asker = try ChannelAsker(tls: server.address, ServerCertificates.demands())
        #expect(Self.isAnswered(try await asker.ask("a.example"), authenticated: true))
        #expect(Self.isAnswered(try await asker.ask("b.example", requiresAuthentication: true), authenticated: true))
        #expect(server.log.count == 1)
    }

    @Test func `what nobody waits for any more is forgotten, and the connection goes on`() async throws {
        let server = try ScriptedServer { _, queries in
            queries.count < 2 ? [] : queries.map { .reply(ScriptedServer.answer(to: $0)) }
        }
        let asker = try ChannelAsker(tcp: server.address)
        try await asker.ask("first.example", until: { server.messages.count == 1 }, then: { $0.cancel() })
        #expect(Self.isAnswered(try await asker.ask("second.example")))
        #expect(server.log.count == 1)
    }

    @Test func `a connection on which nothing comes any more is given up`() async throws {
        let server = try ScriptedServer { connection, queries in
            connection == 0 ? [] : queries.map { .reply(ScriptedServer.answer(to: $0)) }
        }
        let asker = try ChannelAsker(tcp: server.address)
        try await asker.ask("a.example", until: { server.messages.count == 1 }, then: { $0.timedOut() })
        try await asker.ask("b.example", until: { server.messages.count == 2 }, then: { $0.timedOut() })
        #expect(Self.isAnswered(try await asker.ask("c.example")))
        #expect(server.log.count == 2)
    }

    @Test(arguments: [[], [1, 2, 3], [UInt8](repeating: 0xC0, count: 65_535), [UInt8](repeating: 0x80, count: 12)])
    func `garbage ends the connection`(octets: [UInt8]) async throws {
        let server = try ScriptedServer { _, _ in [.message(octets)] }
        guard case .failed(.malformed) = try await ChannelAsker(tcp: server.address).ask("a.example") else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `DT-02: a record that is malformed costs the answer that holds it, and no other on the connection`()
        async throws
    {
        let server = try ScriptedServer { _, queries in
            guard queries.count == 3 else { return [] }
            return queries.map { query in
                guard query.question.name.description == "evil.example",
                    var octets = try? DNSResponse(to: query, answers: []).encode(payloadOctets: nil)
                else { return .reply(ScriptedServer.answer(to: query)) }
                // An address of five octets: a recursor hands on what a zone holds.
                octets[7] = 1
                return .message(octets + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 5, 192, 0, 2, 1, 9])
            }
        }
        let asker = try ChannelAsker(tcp: server.address)
        let outcomes = try await asker.ask(all: ["a.example", "evil.example", "b.example"])
        #expect(outcomes["evil.example"] == .failed(.malformed(.badRecord(.a))))
        for name in ["a.example", "b.example"] { #expect(Self.isAnswered(outcomes[name])) }
        #expect(server.log.count == 1)
    }

    @Test func `a flood of answers to nothing ends the connection`() async throws {
        let server = try ScriptedServer { _, queries in
            guard let query = queries.first else { return [] }
            let other = DNSQuery(identifier: query.identifier &+ 1, question: query.question)
            return [ScriptedServer.Step](repeating: .reply(ScriptedServer.answer(to: other)), count: 300)
        }
        #expect(Self.isUnreachable(try await ChannelAsker(tcp: server.address).ask("a.example")))
    }

    @Test func `nobody there is a failure at once`() async throws {
        let socket = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let address = try #require(socket.localAddress)
        socket.close()
        #expect(Self.isUnreachable(try await ChannelAsker(tcp: address).ask("a.example")))
    }
}
